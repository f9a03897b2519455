import { needsOutage, whileCutOff } from '../drivers/disturbances.ts';
import { bytesOf } from '../suite/bytes-of.ts';
import { expectEqual, expectRejection } from '../suite/expect.ts';
import { calls, digestOf, inPieces, readAll, type StoreCase } from './blobs.ts';

/** Deletion, and what is not there. */
export const absenceCases: readonly StoreCase[] = [
  {
    name: 'deletes one object and no other; then it is absent, which is no outage',
    run: async (tested) => {
      const { store } = tested;
      const gone = await store.put(inPieces(bytesOf(100, 8)));
      const kept = await store.put(inPieces(bytesOf(100, 9)));
      await store.delete(gone);
      expectEqual(await store.has(gone), false, 'has the deleted object');
      expectEqual(await store.has(kept), true, 'has the other object');
      const absent = { name: 'AbsentError', code: 'ABSENT', retryable: false };
      await expectRejection(readAll(tested, gone), absent, 'get of the deleted object');
      expectEqual(await readAll(tested, kept), bytesOf(100, 9), 'the other object');
    },
  },

  {
    name: 'deletes what is not there without a word',
    run: async ({ store }) => {
      const ref = await store.put(inPieces(bytesOf(100, 10)));
      await store.delete(ref);
      expectEqual(await store.delete(ref), undefined, 'the second delete');
    },
  },

  {
    name: 'takes again what was deleted',
    run: async (tested) => {
      const bytes = bytesOf(100, 11);
      await tested.store.delete(await tested.store.put(inPieces(bytes)));
      const ref = await tested.store.put(inPieces(bytes));
      expectEqual(await readAll(tested, ref), bytes, 'the bytes read');
    },
  },

  {
    name: 'has no object that was never put, whatever its locator',
    run: async (tested) => {
      const { store } = tested;
      await store.put(inPieces(bytesOf(100, 21)));
      const digest = digestOf(bytesOf(100, 22));
      for (const locator of ['', '.', '..', '../../../../etc/hostname', '/etc/hostname', 'a\0b', digest.slice(2)]) {
        const ref = { digest, size: 100, locator };
        const what = `locator ${JSON.stringify(locator)}`;
        expectEqual(await store.has(ref), false, `has of ${what}`);
        await expectRejection(readAll(tested, ref), { name: 'AbsentError' }, `get of ${what}`);
        expectEqual(await store.delete(ref), undefined, `delete of ${what}`);
      }
      expectEqual(await tested.objects(), [bytesOf(100, 21)], 'the objects at the backend');
    },
  },

  {
    name: 'leaves no bytes of a deleted object, where it says that it erases',
    requires: ({ store }) => (store.supports.delete === 'erase' ? undefined : 'it says that it unlinks'),
    run: async (tested) => {
      const { store } = tested;
      const kept = bytesOf(100, 23);
      await store.put(inPieces(kept));
      await store.delete(await store.put(inPieces(bytesOf(100, 24))));
      expectEqual(await tested.objects(), [kept], 'the objects at the backend');
    },
  },

  ...Object.entries(calls).map(([name, call]): StoreCase => ({
    name: `${name} tells an outage from absence`,
    requires: (tested) => needsOutage(tested, name),
    run: async (tested) => {
      const ref = await tested.store.put(inPieces(bytesOf(100, 25)));
      const outage = { name: 'StoreUnavailableError', code: 'STORE_UNAVAILABLE', retryable: true };
      await whileCutOff(tested, () => expectRejection(call(tested, ref), outage, `${name} during an outage`));
      expectEqual(await readAll(tested, ref), bytesOf(100, 25), 'the object after the outage');
    },
  })),
];
