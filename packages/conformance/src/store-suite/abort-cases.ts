import type { BlobRef } from '@medseal/core/adapter';
import type { StoreUnderTest } from '../store-driver.ts';
import { bytesOf } from '../suite/bytes-of.ts';
import { expectEqual, expectRejection, expectTrue, within } from '../suite/expect.ts';
import { inPieces, LARGE, PIECE, readAll, type StoreCase } from './blobs.ts';

/** Milliseconds within which an aborted call must have ended. */
const PROMPT = 2_000;
const reason = new Error('enough');

const calls: Readonly<Record<string, (tested: StoreUnderTest, ref: BlobRef, signal: AbortSignal) => Promise<unknown>>> =
  {
    put: ({ store }, _, signal) => store.put(inPieces(bytesOf(60, 14)), { signal }),
    has: ({ store }, ref, signal) => store.has(ref, { signal }),
    get: (tested, ref, signal) => readAll(tested, ref, { signal }),
    delete: ({ store }, ref, signal) => store.delete(ref, { signal }),
  };

/** Signals. */
export const abortCases: readonly StoreCase[] = [
  ...Object.entries(calls).map(([name, call]): StoreCase => ({
    name: `${name} does nothing when aborted before`,
    run: async (tested) => {
      const ref = await tested.store.put(inPieces(bytesOf(50, 13)));
      await expectRejection(call(tested, ref, AbortSignal.abort(reason)), reason, `${name} with an aborted signal`);
      expectEqual(await tested.objects(), [bytesOf(50, 13)], 'the objects at the backend');
    },
  })),

  {
    name: 'leaves nothing visible when a put is aborted, also while the source keeps silent',
    run: async (tested) => {
      const { store } = tested;
      const abort = new AbortController();
      async function* silent(): AsyncGenerator<Uint8Array> {
        yield bytesOf(PIECE, 15);
        setTimeout(() => abort.abort(reason), 10);
        await new Promise(() => {});
      }
      const put = within(PROMPT, store.put(silent(), { signal: abort.signal }), 'an aborted put ends');
      await expectRejection(put, reason, 'an aborted put');
      expectEqual((await tested.objects()).length, 0, 'objects at the backend');
    },
  },

  {
    name: 'ends a read that is aborted',
    run: async ({ store }) => {
      const ref = await store.put(inPieces(bytesOf(LARGE, 16)));
      const abort = new AbortController();
      let read = 0;
      const reading = async (): Promise<void> => {
        for await (const piece of store.get(ref, { signal: abort.signal })) {
          read += piece.length;
          abort.abort(reason);
        }
      };
      await expectRejection(reading(), reason, 'an aborted read');
      expectTrue(read > 0 && read < LARGE, 'the read ended in the middle', read);
    },
  },
];
