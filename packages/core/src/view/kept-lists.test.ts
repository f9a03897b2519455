import { beforeEach, expect, it } from 'vitest';
import { type CountedLedger, countedLedger } from '../../test/counted-ledger.ts';
import { type Person, testWord } from '../../test/small-world.ts';
import { Ward } from '../../test/ward.ts';
import { LedgerUnavailableError } from '../errors/ledger-errors.ts';
import { memoryViewStore } from '../memory/memory-view-store.ts';
import type { ViewStore } from '../ports/view-store.ts';
import { LedgerView } from './ledger-view.ts';

const [scope, other] = [testWord(1), testWord(2)];
const [mine, his] = [new Uint8Array(500).fill(1), new Uint8Array(40_000).fill(2)];

let ward: Ward;
let patient: Person;
let doctor: Person;
let ledger: CountedLedger;
let store: ViewStore;
let faults: unknown[];

beforeEach(async () => {
  ward = new Ward();
  patient = await ward.world.person('patient');
  doctor = await ward.world.person('doctor', ['provider']);
  ledger = countedLedger(ward.world.ledger);
  store = memoryViewStore();
  faults = [];
});

function open(): LedgerView {
  return new LedgerView(ledger, { store, onStoreFault: (error) => faults.push(error) });
}

/** What a view that is started again has, without the ledger. */
async function offline(): Promise<LedgerView> {
  ledger.failure = new LedgerUnavailableError('down');
  const view = open();
  await view.resume();
  ledger.failure = undefined;
  return view;
}

it('gives back sealed lists after a start, each once, among the entries', async () => {
  const view = open();
  await view.sync();
  await view.keepSealedList(scope, mine);
  await ward.ask(doctor, patient, 10);
  await view.sync();
  await view.keepSealedList(scope, his);
  await view.keepSealedList(scope, mine.slice());
  const again = await offline();
  expect(again.sealedLists(scope)).toEqual([mine, his]);
  expect(again.sealedLists(other)).toEqual([]);
  expect(again.logDigest).toEqual(view.logDigest);
  await again.keepSealedList(other, his);
  await ward.ask(doctor, patient, 10);
  await again.sync();
  const third = await offline();
  expect([third.sealedLists(scope), third.sealedLists(other), third.entries.length]).toEqual([[mine, his], [his], 4]);
  expect(await Array.fromAsync(store.load())).toHaveLength(4 + 3);
  expect(faults).toEqual([]);
});

it('keeps a list of a view that has read nothing yet behind what the store has', async () => {
  await open().sync();
  ledger.failure = new LedgerUnavailableError('down');
  await open().keepSealedList(scope, mine);
  const view = await offline();
  expect([view.entries.length, view.sealedLists(scope)]).toEqual([2, [mine]]);
});

it('finds a list that was altered, lost, moved, or added, and does without', async () => {
  const view = open();
  await view.sync();
  await view.keepSealedList(scope, mine);
  await view.keepSealedList(other, his);
  const [rows, checkpoint = new Uint8Array()] = [await Array.fromAsync(store.load()), await store.checkpoint()];
  const [, , first = new Uint8Array(), second = new Uint8Array()] = rows;
  const damages = [
    rows.with(2, first.with(1, 9)),
    rows.with(2, first.with(first.length - 1, 9)),
    rows.with(2, first.subarray(1)),
    rows.slice(0, 3),
    [...rows.slice(0, 2), second, first],
    [...rows.slice(0, 1), first, ...rows.slice(1, 2), second],
    [...rows, second],
  ];
  for (const damaged of damages) {
    await store.clear();
    await store.append(0, damaged, checkpoint);
    faults = [];
    const again = open();
    await again.sync();
    expect(faults).toMatchObject([{ code: 'VIEW_STORE_DAMAGED' }]);
    expect([again.logDigest, again.sealedLists(scope), again.sealedLists(other)]).toEqual([view.logDigest, [], []]);
  }
});

it('keeps none without a store, and goes on where the store fails', async () => {
  const forgetful = new LedgerView(ledger);
  await forgetful.sync();
  await forgetful.keepSealedList(scope, mine);
  expect(forgetful.sealedLists(scope)).toEqual([]);
  const full = Object.assign(memoryViewStore(), { append: () => Promise.reject(new Error('full')) });
  const view = new LedgerView(ledger, { store: full, onStoreFault: (error) => faults.push(error) });
  await view.keepSealedList(scope, mine);
  await view.sync();
  expect(view.entries).toHaveLength(2);
  expect(faults).toMatchObject([{ message: 'full' }]);
});

it.each(['checkpoint', 'append'] as const)('lets go who waits for a store that is silent in %s', async (method) => {
  const called = Promise.withResolvers<void>();
  const silent = (): Promise<never> => {
    called.resolve();
    return new Promise(() => {});
  };
  const view = new LedgerView(ledger, { store: Object.assign(memoryViewStore(), { [method]: silent }) });
  const abort = new AbortController();
  const keeping = view.keepSealedList(scope, mine, { signal: abort.signal });
  await called.promise;
  const reason = new Error('enough');
  abort.abort(reason);
  await expect(keeping).rejects.toBe(reason);
});
