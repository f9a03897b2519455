import type { ViewStore } from '@medseal/core/adapter';
import { needsOutage, needsStall, whileCutOff, whileStalled } from '../drivers/disturbances.ts';
import type { ViewStoreDriver, ViewStoreUnderTest } from '../drivers/view-store-driver.ts';
import { expectPromptAbort } from '../suite/abort.ts';
import { bytesOf } from '../suite/bytes-of.ts';
import { expectEqual, expectRejection } from '../suite/expect.ts';
import type { Suite, SuiteCase } from '../suite/suite.ts';

type ViewStoreCase = SuiteCase<ViewStoreUnderTest>;

const checkpoint = (seed: number): Uint8Array => bytesOf(100, seed);
const entries = (number: number, from = 0): Uint8Array[] =>
  Array.from({ length: number }, (_, index) => bytesOf(((from + index) * 37) % 700, from + index));

async function loaded(store: ViewStore): Promise<Uint8Array[]> {
  const found: Uint8Array[] = [];
  for await (const entry of store.load()) found.push(entry);
  return found;
}

async function expectContents(store: ViewStore, number: number, seed: number | undefined): Promise<void> {
  expectEqual(await loaded(store), entries(number), 'the entries in the order in which they were appended');
  const expected = seed === undefined ? undefined : checkpoint(seed);
  expectEqual(await store.checkpoint(), expected, 'the checkpoint of the last append');
}

/** Three appends: 1, 0 and 3,000 entries. */
async function fill(store: ViewStore): Promise<void> {
  expectEqual(await store.append(0, entries(1), checkpoint(1)), true, 'the first append is taken');
  expectEqual(await store.append(1, [], checkpoint(2)), true, 'an append of nothing but a checkpoint is taken');
  expectEqual(await store.append(1, entries(3000, 1), checkpoint(3)), true, 'a large append is taken');
}

const reads: Readonly<Record<string, (store: ViewStore, signal: AbortSignal) => Promise<unknown>>> = {
  checkpoint: (store, signal) => store.checkpoint({ signal }),
  load: (store, signal) => store.load({ signal })[Symbol.asyncIterator]().next(),
};

const calls: Readonly<Record<string, (store: ViewStore) => Promise<unknown>>> = {
  checkpoint: (store) => store.checkpoint(),
  load: (store) => loaded(store),
  append: (store) => store.append(3001, entries(1, 3001), checkpoint(4)),
  clear: (store) => store.clear(),
};

/** Another one on a backend with 3,001 entries, which nobody has open. */
async function filled(tested: ViewStoreUnderTest): Promise<ViewStore> {
  await fill(tested.store);
  await tested.store[Symbol.asyncDispose]();
  return tested.reopen();
}

const cases: readonly ViewStoreCase[] = [
  {
    name: 'is empty at first',
    run: ({ store }) => expectContents(store, 0, undefined),
  },
  {
    name: 'gives all entries back in order, and the last checkpoint',
    run: async ({ store }) => {
      await fill(store);
      await expectContents(store, 3001, 3);
    },
  },
  {
    name: 'gives them to another that is opened on the same backend',
    run: async (tested) => {
      const { store } = tested;
      await fill(store);
      await store[Symbol.asyncDispose]();
      await expectContents(await tested.reopen(), 3001, 3);
    },
  },
  {
    name: 'changes nothing when it does not hold as many entries as the caller thinks',
    run: async ({ store }) => {
      await store.append(0, entries(10), checkpoint(1));
      for (const at of [0, 9, 11])
        expectEqual(await store.append(at, entries(1), checkpoint(2)), false, `an append at ${at} of 10 is taken`);
      await expectContents(store, 10, 1);
    },
  },
  {
    name: 'takes one of two appends that are made at the same place at once',
    run: async (tested) => {
      const { store } = tested;
      await store.append(0, entries(10), checkpoint(1));
      const other = await tested.reopen();
      const taken = await Promise.all([store, other].map((one) => one.append(10, entries(5, 10), checkpoint(2))));
      expectEqual(taken.filter(Boolean).length, 1, 'how many of the two were taken');
      await expectContents(store, 15, 2);
      await expectContents(other, 15, 2);
    },
  },
  {
    name: 'is empty again after clear, and takes entries from the beginning',
    run: async ({ store }) => {
      await fill(store);
      await store.clear();
      await expectContents(store, 0, undefined);
      expectEqual(await store.append(0, entries(2), checkpoint(4)), true, 'an append after clear is taken');
      await expectContents(store, 2, 4);
    },
  },
  {
    name: 'shares no memory with those who append and load',
    run: async ({ store }) => {
      const own = entries(3);
      const place = checkpoint(1);
      const appended = store.append(0, own, place);
      await appended;
      for (const bytes of [...own, place]) bytes.fill(0);
      for (const entry of await loaded(store)) entry.fill(0);
      (await store.checkpoint())?.fill(0);
      await expectContents(store, 3, 1);
    },
  },
  {
    name: 'can be left in the middle of loading, and loaded by two at once',
    run: async ({ store }) => {
      await fill(store);
      for await (const entry of store.load()) {
        expectEqual(entry, bytesOf(0, 0), 'the first entry');
        break;
      }
      expectEqual(
        (await Promise.all([loaded(store), loaded(store)])).map((all) => all.length),
        [3001, 3001],
        'both',
      );
    },
  },
  {
    name: 'reads nothing for a signal that has aborted',
    run: async ({ store }) => {
      await fill(store);
      const reason = new Error('enough');
      const signal = AbortSignal.abort(reason);
      await expectRejection(store.checkpoint({ signal }), reason, 'checkpoint with an aborted signal');
      const reading = store.load({ signal })[Symbol.asyncIterator]().next();
      await expectRejection(reading, reason, 'load with an aborted signal');
    },
  },
  ...Object.entries(reads).map(([name, read]): ViewStoreCase => ({
    name: `${name} ends at once when aborted while the backend is silent`,
    requires: (tested) => needsStall(tested, name),
    run: async (tested) => {
      const store = await filled(tested);
      await expectPromptAbort(tested, (signal) => read(store, signal), name);
      await expectContents(store, 3001, 3);
    },
  })),
  ...Object.entries(calls).map(([name, call]): ViewStoreCase => ({
    name: `${name} tells an outage from an empty store`,
    requires: (tested) => needsOutage(tested, name),
    run: async (tested) => {
      const store = await filled(tested);
      const outage = { name: 'StoreUnavailableError', code: 'STORE_UNAVAILABLE', retryable: true };
      await whileCutOff(tested, () => expectRejection(call(store), outage, `${name} during an outage`));
      await expectContents(store, 3001, 3);
    },
  })),
  {
    name: 'takes what is appended while the backend is silent, in order',
    requires: (tested) => needsStall(tested, 'append'),
    run: async (tested) => {
      const store = await filled(tested);
      const appending: Promise<boolean>[] = [];
      await whileStalled(tested, async () => {
        for (const at of [3001, 3002]) appending.push(store.append(at, entries(1, at), checkpoint(at)));
        await new Promise((resolve) => setTimeout(resolve));
      });
      expectEqual(await Promise.all(appending), [true, true], 'whether the two appends are taken');
      await expectContents(store, 3003, 3002);
    },
  },
];

/** What every place for a view's entries must do. */
export const viewStoreSuite: Suite<ViewStoreDriver, ViewStoreUnderTest> = {
  port: 'view store',
  open: (driver) => driver.create(),
  cases,
};
