import { anchoredRecordId, type AnchorRecord, type Hex, judge, signCommand, verifyCommand } from '@medseal/protocol';
import { beforeAll, describe, expect, it } from 'vitest';
import { authority, type Person, SmallWorld, start, testWord } from '../../test/small-world.ts';
import { LedgerDivergedError } from '../errors/ledger-diverged-error.ts';
import type { LedgerEntry, Receipt } from '../ports/ledger.ts';
import { grantState } from './grant-state.ts';
import { LedgerView } from './ledger-view.ts';
import { Projection } from './projection.ts';
import { liveGrants, readersOf } from './readers.ts';

const compartment = testWord(50);
const headerDigest = testWord(51);

interface History {
  readonly world: SmallWorld;
  readonly patient: Person;
  readonly doctor: Person;
  readonly record: Hex;
  readonly grant: Hex;
  readonly receipts: readonly Receipt[];
  readonly log: readonly LedgerEntry[];
}

/** Register two, anchor, request, grant, use, ban, a use in vain, reinstate, revoke, a violation, a report. */
async function makeHistory(): Promise<History> {
  const world = new SmallWorld();
  const patient = await world.person('patient');
  const doctor = await world.person('doctor', ['provider']);
  const receipts: Receipt[] = [];
  const act: SmallWorld['act'] = async (...call) => {
    world.time += 1;
    const receipt = await world.act(...call);
    receipts.push(receipt);
    return receipt;
  };
  const anchor = {
    type: 'anchorRecord',
    owner: patient.id,
    compartment,
    epoch: 1,
    level: 'private',
    payloadDigest: testWord(52),
    headerDigest,
    content: testWord(53),
    salt: testWord(54),
  } as const;
  await act(doctor, anchor);
  const record = anchoredRecordId({ ...anchor, actor: doctor.id, validUntil: 0 } satisfies AnchorRecord);
  const until = start + 100;
  const asked = { type: 'requestAccess', patient: patient.id, level: 'private', newData: false, until } as const;
  const grant = (await act(doctor, { ...asked, terms: testWord(55) })).id;
  await act(patient, {
    type: 'grantAccess',
    patient: patient.id,
    request: grant,
    grantee: doctor.id,
    keyVersion: 1,
    scope: compartment,
    level: 'private',
    newData: false,
    until,
    consent: testWord(56),
  });
  const use = { type: 'useAccess', patient: patient.id, grant, record, headerDigest } as const;
  await act(doctor, { ...use, actingPerson: testWord(0) });
  receipts.push(await world.ban('ban', patient, 1));
  await act(doctor, { ...use, actingPerson: testWord(1) });
  receipts.push(await world.ban('reinstate', patient, 2));
  await act(patient, { type: 'revokeAccess', patient: patient.id, grant });
  const misuse = await act(doctor, { ...use, actingPerson: testWord(2) });
  await act(patient, {
    type: 'reportViolation',
    patient: patient.id,
    subject: doctor.id,
    entry: misuse.id,
    statement: testWord(57),
  });
  const log: LedgerEntry[] = [];
  for await (const entry of world.ledger.entries()) log.push(entry);
  return { world, patient, doctor, record, grant, receipts, log };
}

function replay(history: History, log: readonly LedgerEntry[]): Projection {
  const view = new Projection(history.world.ledger.genesis);
  for (const entry of log) view.apply(entry);
  return view;
}

/** Whether an honest machine, fed these commands in this order and at these times, would say the same of each. */
function followsFromRules(history: History, log: readonly LedgerEntry[]): boolean {
  const { genesis } = history.world.ledger;
  const state = new Map<string, never>();
  return log.every(({ wire, time, violation }) => {
    const verified = verifyCommand(wire, genesis);
    if ('outcome' in verified) return false;
    const verdict = judge(verified, time, (key) => state.get(key.path));
    if (verdict.outcome === 'applied') for (const { key, value } of verdict.writes) state.set(key.path, value as never);
    return verdict.outcome !== 'rejected' && (verdict.outcome === 'applied' ? undefined : verdict.code) === violation;
  });
}

describe('a view of a lying ledger', () => {
  let history: History;
  let honest: Projection;
  beforeAll(async () => {
    history = await makeHistory();
    honest = replay(history, history.log);
  });

  it('agrees with an honest ledger', () => {
    expect(honest.entries.map((entry) => entry.violation ?? 'applied')).toEqual(
      ['applied', 'applied', 'applied', 'applied', 'applied', 'applied', 'applied'].concat([
        'OWNER_BANNED',
        'applied',
        'applied',
        'GRANT_REVOKED',
        'applied',
      ]),
    );
    expect(history.receipts.every((receipt) => honest.entry(receipt.id)?.time === receipt.time)).toBe(true);
  });

  it('catches a forged grant', async () => {
    const { world, patient, doctor } = history;
    const forged = await signCommand(
      {
        type: 'grantAccess',
        patient: patient.id,
        request: testWord(99),
        grantee: doctor.id,
        keyVersion: 1,
        scope: compartment,
        level: 'private',
        newData: true,
        until: start + 1000,
        consent: testWord(1),
        actor: patient.id,
        validUntil: start + 60,
      },
      world.ledger.genesis.domain,
      doctor.signer,
    );
    const log = [...history.log, { cursor: 'x', time: start + 20, wire: forged, violation: undefined }];
    expect(() => replay(history, log)).toThrow(LedgerDivergedError);
  });

  it('catches every changed outcome', () => {
    for (const [index, entry] of history.log.entries()) {
      for (const violation of [undefined, 'NO_GRANT', 'GRANT_REVOKED', 'OWNER_BANNED'] as const) {
        if (violation === entry.violation) continue;
        expect(() => replay(history, history.log.with(index, { ...entry, violation }))).toThrow(LedgerDivergedError);
      }
    }
  });

  it('catches every omission and every exchange of two entries that changes a later outcome', () => {
    const lies: LedgerEntry[][] = [];
    for (const [i, entry] of history.log.entries()) {
      lies.push(history.log.toSpliced(i, 1));
      for (let j = 0; j < i; j++) {
        const other = history.log[j];
        if (other !== undefined) lies.push(history.log.with(i, other).with(j, entry));
      }
    }
    const caught = lies.filter((log) => {
      const sound = followsFromRules(history, log);
      if (sound) replay(history, log);
      else expect(() => replay(history, log)).toThrow(LedgerDivergedError);
      return !sound;
    });
    // What the rules cannot see, another reader's digest does.
    for (const log of lies.filter((lie) => !caught.includes(lie)))
      expect(replay(history, log).logDigest).not.toEqual(honest.logDigest);
    expect(caught.length).toBeGreaterThan(lies.length / 2);
    expect(caught.length).toBeLessThan(lies.length);
  });

  it('misses a dropped revocation alone, but not against its receipt', async () => {
    const revocation = history.log.findIndex((_, index) => honest.entries[index]?.command.type === 'revokeAccess');
    const view = viewOf(history, history.log.slice(0, revocation));
    await view.sync();
    const receipt = history.receipts.find(({ id }) => id === honest.entries[revocation]?.id);
    expect(liveGrants(view)).toHaveLength(1);
    expect(receipt && view.confirms(receipt)).toBeUndefined();
    expect(view.logDigest).not.toEqual(honest.logDigest);
  });

  it('misses a dropped log-only entry alone, but not against its receipt or another digest', async () => {
    const withoutAnchor = history.log.toSpliced(2, 1);
    const view = viewOf(history, withoutAnchor);
    await view.sync();
    expect(history.receipts[0] && view.confirms(history.receipts[0])).toBeUndefined();
    expect(view.logDigest).not.toEqual(honest.logDigest);
  });

  it('finds a withheld tail by a receipt', async () => {
    const last = history.receipts.at(-1);
    const view = viewOf(history, history.log.slice(0, -1));
    await view.sync();
    expect(last && view.confirms(last)).toBeUndefined();
    const whole = viewOf(history, history.log);
    await whole.sync();
    expect(last && whole.confirms(last)?.id).toBe(last?.id);
  });

  it('stays as it was before the entry that it refused', () => {
    const view = replay(history, history.log.slice(0, 5));
    const before = [view.logDigest, view.clock, view.cursor, view.entries.length];
    const lie = history.log[5];
    expect(() => lie && view.apply({ ...lie, violation: 'NO_GRANT' })).toThrow(LedgerDivergedError);
    expect([view.logDigest, view.clock, view.cursor, view.entries.length]).toEqual(before);
    for (const entry of history.log.slice(5)) view.apply(entry);
    expect(view.logDigest).toEqual(honest.logDigest);
  });
});

/** A view over a ledger that shows only `log`. */
function viewOf(history: History, log: readonly LedgerEntry[]): LedgerView {
  const { ledger } = history.world;
  const liar = Object.assign(Object.create(ledger) as typeof ledger, {
    async *entries() {
      yield* log;
    },
  });
  return new LedgerView(liar);
}

describe('what a view answers', () => {
  it('lists live grants and who can read a record, at any time', async () => {
    const history = await makeHistory();
    const { log, patient, doctor, record, grant } = history;
    const view = replay(history, log.slice(0, 5));
    expect(liveGrants(view, { patient: patient.id }).map(({ id }) => id)).toEqual([grant]);
    expect(liveGrants(view, { patient: doctor.id })).toEqual([]);
    expect(readersOf(view, record).map(({ id, as }) => [id, as])).toEqual([
      [patient.id, 'owner'],
      [doctor.id, 'grantee'],
    ]);
    expect(readersOf(view, record, start + 99)).toHaveLength(2);
    expect(readersOf(view, record, start + 100)).toHaveLength(1);
    expect(readersOf(view, testWord(1))).toEqual([]);
    const states = log.slice(5).map((entry) => {
      view.apply(entry);
      const given = view.grant(patient.id, grant);
      return given && grantState(view, given, view.clock);
    });
    expect(states).toEqual(['live', 'suspended', 'suspended', 'live', 'revoked', 'revoked', 'revoked']);
  });

  it('counts a repeated command once and marks what holders do not honour', async () => {
    const world = new SmallWorld();
    const patient = await world.person('patient');
    const doctor = await world.person('doctor', ['provider']);
    const fields = {
      type: 'anchorRecord',
      owner: patient.id,
      compartment,
      epoch: 1,
      level: 'private',
      payloadDigest: testWord(52),
      headerDigest,
      content: testWord(53),
      salt: testWord(54),
      actor: doctor.id,
    } as const;
    const { domain } = world.ledger.genesis;
    const first = await signCommand({ ...fields, validUntil: start + 60 }, domain, doctor.signer);
    const second = await signCommand({ ...fields, validUntil: start + 61 }, domain, doctor.signer);
    for (const wire of [first, first, second]) expect(world.ledger.relay(wire).outcome).toBe('applied');
    await world.act(patient, {
      type: 'reportViolation',
      patient: patient.id,
      subject: doctor.id,
      entry: testWord(3),
      statement: testWord(4),
    });
    const view = new LedgerView(world.ledger);
    await view.sync();
    expect(view.entries.slice(2).map(({ repeat, holder }) => [repeat, holder])).toEqual([
      [false, []],
      [true, []],
      [false, ['DUPLICATE_RECORD']],
      [false, ['UNFOUNDED']],
    ]);
    expect([...view.records()]).toHaveLength(1);
  });

  it('explains without sending which rule would refuse', async () => {
    const world = new SmallWorld();
    const patient = await world.person('patient');
    const view = new LedgerView(world.ledger);
    await view.sync();
    const sign = (actor: Hex, validUntil: number): Promise<Uint8Array> =>
      signCommand(
        { type: 'revokeAccess', patient: patient.id, grant: testWord(1), actor, validUntil },
        world.ledger.genesis.domain,
        patient.signer,
      );
    expect(view.explain(await sign(patient.id, start + 60))).toEqual({ outcome: 'rejected', code: 'NO_GRANT' });
    expect(view.explain(await sign(patient.id, start + 60), start + 60)).toMatchObject({ code: 'COMMAND_EXPIRED' });
    expect(view.explain(await sign(testWord(9).slice(0, 42) as Hex, start + 60))).toMatchObject({
      code: 'BAD_SIGNATURE',
    });
    expect(view.explain(new Uint8Array(3))).toMatchObject({ code: 'MALFORMED' });
    expect(view.entries).toHaveLength(1);
  });

  it('reads on for several callers at once, and one who gives up stops nobody else', async () => {
    const world = new SmallWorld();
    await world.person('patient');
    const view = new LedgerView(world.ledger);
    const stop = new AbortController();
    const first = view.sync({ signal: stop.signal });
    const second = view.sync();
    stop.abort(new Error('given up'));
    await expect(first).rejects.toThrow('given up');
    await second;
    await world.person('doctor');
    await Promise.all([view.sync(), view.sync(), view.sync()]);
    expect(view.entries).toHaveLength(2);
  });

  it('tells how fresh it is by its own clock', async () => {
    const world = new SmallWorld();
    let now = 1000;
    const view = new LedgerView(world.ledger, { now: () => now });
    expect(view.age).toBe(Infinity);
    await view.sync();
    now += 7;
    expect(view.age).toBe(7);
    expect(world.ledger.genesis.authority).toBe(authority);
  });
});
