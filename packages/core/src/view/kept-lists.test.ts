import { beforeEach, expect, it } from 'vitest';
import { testWord } from '../../test/small-world.ts';
import { type ViewDesk, viewDesk } from '../../test/view-desk.ts';
import { LedgerUnavailableError } from '../errors/ledger-errors.ts';
import { memoryViewStore } from '../memory/memory-view-store.ts';
import { LedgerView } from './ledger-view.ts';

const [scope, other] = [testWord(1), testWord(2)];
const [mine, his] = [new Uint8Array(500).fill(1), new Uint8Array(40_000).fill(2)];

let desk: ViewDesk;
beforeEach(async () => {
  desk = await viewDesk();
});

/** What a view that is started again has, without the ledger. */
async function offline(): Promise<LedgerView> {
  desk.ledger.failure = new LedgerUnavailableError('down');
  const view = desk.open();
  await view.resume();
  desk.ledger.failure = undefined;
  return view;
}

it('gives back sealed lists after a start, each once, among the entries', async () => {
  const view = desk.open();
  await view.sync();
  await view.keepSealedList(scope, mine);
  await desk.ward.ask(desk.doctor, desk.patient, 10);
  await view.sync();
  await view.keepSealedList(scope, his);
  await view.keepSealedList(scope, mine.slice());
  const again = await offline();
  expect(again.sealedLists(scope)).toEqual([mine, his]);
  expect(again.sealedLists(other)).toEqual([]);
  expect(again.logDigest).toEqual(view.logDigest);
  await again.keepSealedList(other, his);
  await desk.ward.ask(desk.doctor, desk.patient, 10);
  await again.sync();
  const third = await offline();
  expect([third.sealedLists(scope), third.sealedLists(other), third.entries.length]).toEqual([[mine, his], [his], 4]);
  expect(await Array.fromAsync(desk.store.load())).toHaveLength(4 + 3);
  expect(desk.faults).toEqual([]);
});

it('keeps a list of a view that has read nothing yet behind what the store has', async () => {
  await desk.open().sync();
  desk.ledger.failure = new LedgerUnavailableError('down');
  await desk.open().keepSealedList(scope, mine);
  const view = await offline();
  expect([view.entries.length, view.sealedLists(scope)]).toEqual([2, [mine]]);
});

it('finds a list that was altered, lost, moved, or added, and does without', async () => {
  const view = desk.open();
  await view.sync();
  await view.keepSealedList(scope, mine);
  await view.keepSealedList(other, his);
  const [rows, checkpoint = new Uint8Array()] = [
    await Array.fromAsync(desk.store.load()),
    await desk.store.checkpoint(),
  ];
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
    await desk.store.clear();
    await desk.store.append(0, damaged, checkpoint);
    desk.faults = [];
    const again = desk.open();
    await again.sync();
    expect(desk.faults).toMatchObject([{ code: 'VIEW_STORE_DAMAGED' }]);
    expect([again.logDigest, again.sealedLists(scope), again.sealedLists(other)]).toEqual([view.logDigest, [], []]);
  }
});

it('keeps none without a store, and goes on where the store fails', async () => {
  const forgetful = new LedgerView(desk.ledger);
  await forgetful.sync();
  await forgetful.keepSealedList(scope, mine);
  expect(forgetful.sealedLists(scope)).toEqual([]);
  const full = Object.assign(memoryViewStore(), { append: () => Promise.reject(new Error('full')) });
  const view = desk.open({ store: full });
  await view.keepSealedList(scope, mine);
  await view.sync();
  expect(view.entries).toHaveLength(2);
  expect(desk.faults).toMatchObject([{ message: 'full' }]);
});

it.each(['checkpoint', 'append'] as const)('lets go who waits for a store that is silent in %s', async (method) => {
  const called = Promise.withResolvers<void>();
  const silent = (): Promise<never> => {
    called.resolve();
    return new Promise(() => {});
  };
  const view = new LedgerView(desk.ledger, { store: Object.assign(memoryViewStore(), { [method]: silent }) });
  const abort = new AbortController();
  const keeping = view.keepSealedList(scope, mine, { signal: abort.signal });
  await called.promise;
  const reason = new Error('enough');
  abort.abort(reason);
  await expect(keeping).rejects.toBe(reason);
});
