import { bytesOf } from '../suite/bytes-of.ts';
import { expectEqual, expectRejection } from '../suite/expect.ts';
import { inPieces, readAll, type StoreCase } from './blobs.ts';

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
];
