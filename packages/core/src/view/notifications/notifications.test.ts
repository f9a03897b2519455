import { beforeEach, describe, expect, it, vi } from 'vitest';
import { type Person, start, testWord } from '../../../test/small-world.ts';
import { idle, idleUnlessMore } from '../../../test/idle.ts';
import { readerOf, Ward } from '../../../test/ward.ts';
import { notifications, type NotificationsOptions } from '../../phases/audit/notifications.ts';
import { LedgerView } from '../ledger-view.ts';
import type { Notification } from './notification.ts';

let ward: Ward;
let patient: Person;
let other: Person;
let doctor: Person;
let nurse: Person;
let view: LedgerView;

beforeEach(async () => {
  ward = new Ward();
  [patient, other] = [await ward.world.person('patient'), await ward.world.person('other')];
  [doctor, nurse] = [await ward.world.person('doctor', ['provider']), await ward.world.person('nurse', ['provider'])];
  view = new LedgerView(ward.world.ledger);
});

/** All that there is to tell now. */
async function told(
  to: Person,
  options: NotificationsOptions = {},
  now = () => ward.world.time,
): Promise<Notification[]> {
  const wait = vi.spyOn(view.tail, 'wait').mockImplementation(() => idleUnlessMore(view));
  const found: Notification[] = [];
  try {
    for await (const one of notifications(readerOf(to, view, now), options)) found.push(one);
  } catch (error) {
    if (error !== idle) throw error;
  } finally {
    wait.mockRestore();
  }
  return found;
}

/** What was told, without what depends on the place in the log. */
const essence = (all: readonly Notification[]): unknown[] =>
  all.map((one) => Object.fromEntries(Object.entries(one).filter(([key]) => key !== 'cursor' && key !== 'entry')));
const types = async (to: Person): Promise<string[]> => (await told(to)).map(({ type }) => type);

describe('what is told to whom', () => {
  it('a request and its answers, to both sides', async () => {
    const request = await ward.ask(doctor, patient, 100);
    const refused = await ward.ask(doctor, patient, 100);
    ward.world.time += 5;
    await ward.grant(patient, doctor, 50, { request });
    await ward.deny(patient, refused);
    await ward.revoke(patient, request);
    const [me, him, at] = [patient.id, doctor.id, new Date(start * 1000)];
    const later = new Date((start + 5) * 1000);
    const until = new Date((start + 100) * 1000);
    const asked = { type: 'accessRequested', time: at, by: him, holder: [], patient: me, requester: him, until };
    const decided = { time: later, by: me, holder: [], patient: me };
    const scope = { scope: testWord(50), level: 'low', newData: true, until: new Date((start + 55) * 1000) };
    const expected = [
      { ...asked, request, level: 'low', newData: true },
      { ...asked, request: refused, level: 'low', newData: true },
      { ...decided, type: 'accessGranted', grant: request, grantee: him, ...scope, solicited: true, wider: false },
      { ...decided, type: 'accessDenied', request: refused, requester: him },
      { ...decided, type: 'accessRevoked', grant: request, grantee: him },
    ];
    expect(essence(await told(patient)).slice(1)).toEqual(expected);
    expect(essence(await told(doctor)).slice(1)).toEqual(expected);
    expect(await types(other)).toEqual(['registered']);
    expect(await types(nurse)).toEqual(['registered']);
  });

  it('a requester learns that another was granted, and no more of that grant', async () => {
    const request = await ward.ask(doctor, patient, 100);
    await ward.grant(patient, nurse, 50, { request });
    await ward.revoke(patient, request);
    expect(await types(doctor)).toEqual(['registered', 'accessRequested', 'accessGranted']);
    expect(await types(nurse)).toEqual(['registered', 'accessGranted', 'accessRevoked']);
    ward.world.time += 200;
    expect(await types(doctor)).toEqual(['registered', 'accessRequested', 'accessGranted']);
  });

  it('uses and violations of her records, by whom and under which grant; and the report', async () => {
    const record = await ward.deposit(nurse, patient);
    const grant = await ward.grant(patient, doctor, 50);
    await ward.use(doctor, patient, grant, record);
    await ward.use(doctor, patient, grant, testWord(1));
    const misuse = await ward.use(nurse, patient, grant, record);
    const report = { type: 'reportViolation', patient: patient.id, subject: nurse.id } as const;
    await ward.world.act(patient, { ...report, entry: misuse.id, statement: testWord(9) });
    const all = await told(patient);
    expect(all.slice(3)).toMatchObject([
      { type: 'recordUsed', by: doctor.id, grant, record, holder: [] },
      { type: 'recordUsed', by: doctor.id, grant, record: testWord(1), holder: ['UNKNOWN_RECORD'] },
      { type: 'accessViolated', by: nurse.id, grant, record, code: 'NO_GRANT', entry: misuse.id },
      { type: 'violationReported', by: patient.id, subject: nurse.id, about: misuse.id },
    ]);
    expect(await types(nurse)).toEqual(['registered', 'recordDeposited', 'accessViolated', 'violationReported']);
    expect(await types(doctor)).toEqual(['registered', 'accessGranted', 'recordUsed', 'recordUsed']);
  });

  it('what becomes of a record, to owner and author', async () => {
    const record = await ward.deposit(doctor, patient);
    const inInbox = await ward.deposit(doctor, patient, 0, true);
    const on = { patient: patient.id, record };
    const headers = { previousHeader: testWord(51), headerDigest: testWord(70) };
    await ward.world.act(patient, { type: 'supersedeRecord', ...on, ...headers });
    await ward.world.act(patient, { type: 'eraseRecord', ...on, reason: testWord(1) });
    await ward.world.act(other, { type: 'eraseRecord', patient: other.id, record, reason: testWord(2) });
    const of = { owner: patient.id, author: doctor.id, record };
    const expected = [
      { type: 'recordDeposited', ...of, inbox: false },
      { type: 'recordDeposited', ...of, record: inInbox, inbox: true },
      { type: 'recordSuperseded', ...of },
      { type: 'recordErased', ...of },
    ];
    expect((await told(patient)).slice(1)).toMatchObject(expected);
    expect((await told(doctor)).slice(1)).toMatchObject(expected);
    expect((await told(other)).slice(1)).toMatchObject([
      { type: 'recordErased', owner: other.id, author: undefined, holder: ['UNKNOWN_RECORD'] },
    ]);
  });

  it('standing: of oneself, and of the other side of grants that have not ended', async () => {
    const grant = await ward.grant(patient, doctor, 50);
    const ended = await ward.grant(patient, doctor, 50);
    await ward.grant(patient, doctor, 10);
    await ward.revoke(patient, ended);
    ward.world.time += 20;
    await ward.world.ban('ban', doctor, 1);
    await ward.world.ban('reinstate', doctor, 2);
    await ward.rotate(doctor, 1);
    await ward.world.ban('ban', doctor, 3);
    const grants = [grant];
    const expected = [
      { type: 'banned', participant: doctor.id, by: undefined, grants },
      { type: 'reinstated', participant: doctor.id, grants },
      { type: 'keysRotated', participant: doctor.id, by: doctor.id, grants },
    ];
    expect((await told(patient)).slice(-3)).toMatchObject(expected);
    expect((await told(doctor)).slice(-4)).toMatchObject([...expected, { type: 'banned', grants: [] }]);
    ward.world.time += 100;
    expect((await told(patient)).at(-1)?.type).toBe('keysRotated');
    expect(await types(nurse)).toEqual(['registered']);
  });

  it('a proxy is told of the grants in its charge', async () => {
    const proxy = await ward.world.person('proxy', ['proxy']);
    const [mine, foreign] = [testWord(1), testWord(2)];
    await ward.grant(patient, doctor, 50, { request: mine });
    await ward.grant(patient, doctor, 50, { request: foreign });
    await ward.world.ban('ban', doctor, 1);
    ward.world.time += 60;
    const all = await told(proxy, { alsoGrant: ({ id }) => id === mine });
    expect(all).toMatchObject([
      { type: 'registered' },
      { type: 'accessGranted', grant: mine },
      { type: 'banned', grants: [mine] },
      { type: 'grantExpired', grant: mine, patient: patient.id, grantee: doctor.id },
    ]);
    expect(await types(proxy)).toEqual(['registered']);
  });

  it('a command counts once', async () => {
    const request = await ward.ask(doctor, patient, 100);
    const last = await Array.fromAsync(ward.world.ledger.entries());
    ward.world.ledger.relay(last.at(-1)?.wire ?? new Uint8Array());
    expect((await told(patient)).slice(1)).toMatchObject([{ request }]);
    expect(view.entries.at(-1)?.repeat).toBe(true);
  });
});

describe('expiry', () => {
  it('stands before the first entry of its second or later, by the ledger’s clock', async () => {
    const [late, early] = [await ward.grant(patient, doctor, 20), await ward.grant(patient, doctor, 10)];
    const request = await ward.ask(doctor, patient, 10);
    ward.world.time += 9;
    await ward.grant(patient, nurse, 100, { request: testWord(1) });
    ward.world.time += 1;
    await ward.grant(patient, nurse, 100, { request: testWord(2) });
    ward.world.time += 30;
    await ward.grant(patient, nurse, 100, { request: testWord(3) });
    const all = (await told(patient, {}, () => start)).slice(4);
    expect(all.map((one) => ('grant' in one ? one.grant : 'request' in one ? one.request : one.type))).toEqual([
      testWord(1),
      early,
      request,
      testWord(2),
      late,
      testWord(3),
    ]);
    expect(all.map(({ time }) => time.getTime() / 1000 - start)).toEqual([9, 10, 10, 10, 20, 40]);
  });

  it('comes by the own clock where that is ahead, once, and after what the ledger had by then', async () => {
    const grant = await ward.grant(patient, doctor, 10);
    let now = start + 9;
    const own = (): number => now;
    const before = await told(patient, {}, own);
    expect(before.at(-1)).toMatchObject({ type: 'accessGranted', grant });
    now = start + 10;
    await ward.ask(nurse, patient, 100);
    const first = await told(patient, { after: before.at(-1)?.cursor }, own);
    expect(first.map(({ type }) => type)).toEqual(['accessRequested', 'grantExpired']);
    // The ledger is behind: what it dates before the end comes after it, and nothing comes again.
    await ward.ask(nurse, patient, 100);
    ward.world.time += 50;
    await ward.ask(nurse, patient, 100);
    const rest = await told(patient, { after: first.at(-1)?.cursor }, own);
    expect(rest.map(({ type }) => type)).toEqual(['accessRequested', 'accessRequested']);
    const again = await told(patient, { after: rest.at(0)?.cursor }, own);
    expect(again).toEqual(rest.slice(1));
  });

  it('follows its grant at once where the own clock was past it before the grant came', async () => {
    await ward.grant(patient, doctor, 50);
    const own = (): number => start + 60;
    const first = await told(patient, {}, own);
    const grant = await ward.grant(patient, nurse, 40);
    await ward.ask(nurse, patient, 100);
    const rest = await told(patient, { after: first.at(-1)?.cursor }, own);
    expect(rest).toMatchObject([
      { type: 'accessGranted', grant },
      { type: 'grantExpired', grant },
      { type: 'accessRequested' },
    ]);
    for (const [index, { cursor }] of rest.entries())
      expect(await told(patient, { after: cursor }, own)).toEqual(rest.slice(index + 1));
  });

  it('does not come for what ended before, and comes for what is suspended', async () => {
    const revoked = await ward.grant(patient, doctor, 10);
    await ward.grant(patient, nurse, 10);
    const decided = await ward.ask(nurse, patient, 10);
    await ward.revoke(patient, revoked);
    await ward.rotate(nurse, 1);
    await ward.deny(patient, decided);
    const suspended = await ward.grant(patient, doctor, 10);
    await ward.world.ban('ban', doctor, 1);
    ward.world.time += 10;
    const ends = (await told(patient)).filter(({ type }) => type.endsWith('Expired'));
    expect(ends).toMatchObject([{ type: 'grantExpired', grant: suspended }]);
  });
});

describe('following', () => {
  it('tells what comes while it waits, wakes at the second of an end, and ends with the signal', async () => {
    vi.useFakeTimers({ now: start * 1000 });
    const reason = new Error('enough');
    const stop = new AbortController();
    const timers = vi.spyOn(globalThis, 'setTimeout');
    try {
      const now = (): number => (ward.world.time = Math.floor(Date.now() / 1000));
      const after = (await told(patient)).at(-1)?.cursor;
      const reading = notifications(readerOf(patient, view, now), { after, signal: stop.signal });
      let next = reading.next();
      await vi.advanceTimersByTimeAsync(1000);
      const far = 86_400 * 365 * 30;
      const [grant, farGrant] = [await ward.grant(patient, doctor, 7200), await ward.grant(patient, doctor, far)];
      expect((await next).value).toMatchObject({ grant });
      expect((await reading.next()).value).toMatchObject({ grant: farGrant });
      timers.mockClear();
      let ended: Notification | undefined;
      next = reading.next();
      void next.then(({ value }) => (ended = value as Notification));
      await vi.advanceTimersByTimeAsync(7_198_000);
      expect(ended).toBeUndefined();
      await vi.advanceTimersByTimeAsync(1000);
      expect(ended).toMatchObject({ type: 'grantExpired', grant });
      // Once an hour, not once a second; and a far date does not overflow the timer, which would fire at once.
      expect(timers.mock.calls.length).toBeLessThan(6);
      next = reading.next();
      const failed = next.catch((error: unknown) => error);
      await vi.advanceTimersByTimeAsync(86_400_000);
      stop.abort(reason);
      expect(await failed).toBe(reason);
      expect(timers.mock.calls.length).toBeLessThan(40);
      expect(Math.max(...timers.mock.calls.map(([, delay]) => delay ?? 0))).toBeLessThan(2 ** 31);
    } finally {
      stop.abort(reason);
      // First what lies on top, or the fake timer would stay.
      timers.mockRestore();
      vi.useRealTimers();
    }
  });

  it('fails with what following the ledger fails with', async () => {
    const reading = notifications(
      readerOf(patient, view, () => start),
      {},
    );
    expect((await reading.next()).value).toMatchObject({ type: 'registered' });
    const next = reading.next();
    await ward.world.ledger[Symbol.asyncDispose]();
    await expect(next).rejects.toMatchObject({ code: 'LEDGER_UNAVAILABLE' });
  });
});

describe('a cursor', () => {
  it('is parsed strictly', async () => {
    await ward.grant(patient, doctor, 10);
    ward.world.time += 10;
    const cursors = (await told(patient)).map(({ cursor }) => cursor);
    expect(cursors.map((cursor) => cursor[0])).toEqual(['e', 'e', 'x']);
    const [entry = '', , end = ''] = cursors;
    const wrong = ['', `${entry} `, entry.slice(1), entry.replace('e-', 'l-').replace('-1-', '-01-'), `${entry}-1`];
    wrong.push(
      entry.replace('-1-', '-0-'),
      entry.replace(/-0$/, '-1'),
      end.replace(/-\d+$/, '-5'),
      `E${entry.slice(1)}`,
    );
    const reader = readerOf(patient, view, () => start);
    for (const after of wrong) expect(() => notifications(reader, { after }), after).toThrow(RangeError);
    const [kind = '', mark = '', ...rest] = entry.split('-');
    const foreign = [kind, mark === '00000000' ? '11111111' : '00000000', ...rest].join('-');
    expect(() => notifications(reader, { after: foreign })).toThrow(expect.objectContaining({ code: 'WRONG_LEDGER' }));
  });

  it('beyond the log is refused: the ledger has lost entries', async () => {
    const [{ cursor } = { cursor: '' }] = await told(patient);
    const after = cursor.replace(/-1-/, '-9-');
    await expect(told(patient, { after })).rejects.toMatchObject({ code: 'LEDGER_REWRITTEN' });
  });
});
