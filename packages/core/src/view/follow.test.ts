import { beforeEach, expect, it, vi } from 'vitest';
import { type CountedLedger, countedLedger } from '../../test/counted-ledger.ts';
import type { Person } from '../../test/small-world.ts';
import { Ward } from '../../test/ward.ts';
import { memoryViewStore } from '../memory/memory-view-store.ts';
import { LedgerView } from './ledger-view.ts';

let ward: Ward;
let patient: Person;
let doctor: Person;
let ledger: CountedLedger;
let view: LedgerView;

beforeEach(async () => {
  ward = new Ward();
  patient = await ward.world.person('patient');
  doctor = await ward.world.person('doctor', ['provider']);
  ledger = countedLedger(ward.world.ledger);
  view = new LedgerView(ledger);
});

/** Lets everything that is ready to run do so. */
function settled(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 5));
}

/** Until the view has so many entries. */
function holding(number: number): Promise<void> {
  return vi.waitFor(() => expect(view.entries).toHaveLength(number));
}

it('stays up to date while it follows, and ends with the signal', async () => {
  const stop = new AbortController();
  const ended = view.follow({ signal: stop.signal }).catch((error: unknown) => error);
  await holding(2);
  await ward.ask(doctor, patient, 10);
  await holding(3);
  await Promise.all([view.sync(), ward.ask(doctor, patient, 10), view.sync()]);
  await holding(4);
  expect(view.entries.map(({ index }) => index)).toEqual([0, 1, 2, 3]);
  const reason = new Error('enough');
  stop.abort(reason);
  expect(await ended).toBe(reason);
  await vi.waitFor(() => expect(ledger.following).toBe(0));
  await ward.ask(doctor, patient, 10);
  await settled();
  expect(view.entries).toHaveLength(4);
});

it('fails where the ledger ends, and can be called again', async () => {
  ledger.failure = new Error('down');
  await expect(view.follow()).rejects.toThrow('down');
  ledger.failure = undefined;
  const ended = view.follow().catch((error: unknown) => error);
  await settled();
  await ward.world.ledger[Symbol.asyncDispose]();
  expect(await ended).toMatchObject({ code: 'LEDGER_UNAVAILABLE' });
});

it('reaches a cursor that it has passed without reading, and waits for one to come', async () => {
  await view.sync();
  ledger.read = 0;
  expect(await view.reached('1')).toMatchObject({ index: 1 });
  expect(ledger.read).toBe(0);
  const [first, second] = [view.reached('2'), view.reached('3')];
  await vi.waitFor(() => expect(ledger.following).toBe(1));
  await ward.ask(doctor, patient, 10);
  expect(await first).toMatchObject({ index: 2, command: { type: 'requestAccess' } });
  await settled();
  expect(ledger.following).toBe(1);
  await ward.ask(doctor, patient, 10);
  expect(await second).toMatchObject({ index: 3 });
  await vi.waitFor(() => expect(ledger.following).toBe(0));
});

it('gives up waiting with the signal, and disturbs nobody else', async () => {
  const stop = new AbortController();
  const given = view.reached('2', { signal: stop.signal }).catch((error: unknown) => error);
  const other = view.reached('2');
  await settled();
  const reason = new Error('enough');
  stop.abort(reason);
  expect(await given).toBe(reason);
  await expect(view.reached('2', { signal: stop.signal })).rejects.toBe(reason);
  await ward.ask(doctor, patient, 10);
  expect(await other).toMatchObject({ index: 2 });
});

it('gives up its turn with the signal, however long another reading takes', async () => {
  const silent = Object.assign(Object.create(ward.world.ledger) as typeof ward.world.ledger, {
    entries: () => ({ [Symbol.asyncIterator]: () => ({ next: () => new Promise<never>(() => {}) }) }),
  });
  view = new LedgerView(silent);
  void view.sync();
  const stop = new AbortController();
  const reason = new Error('enough');
  const call = view.sync({ signal: stop.signal }).catch((error: unknown) => error);
  await settled();
  stop.abort(reason);
  expect(await call).toBe(reason);
  // What the store has needs no turn.
  await view.resume();
});

it('saves what it follows', async () => {
  const store = memoryViewStore();
  view = new LedgerView(ledger, { store });
  const waiting = view.reached('4');
  for (let more = 3; more < 6; more++) {
    await ward.ask(doctor, patient, 10);
    await holding(more);
  }
  await waiting;
  await vi.waitFor(async () => expect(await Array.fromAsync(store.load())).toHaveLength(5));
  const next = new LedgerView(ledger, { store });
  await next.resume();
  expect(next.logDigest).toEqual(view.logDigest);
});
