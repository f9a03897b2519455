import type { BlobRef } from '@medseal/core/adapter';
import { needsStall } from '../drivers/disturbances.ts';
import type { StoreUnderTest } from '../drivers/store-driver.ts';
import { expectNoBegin, expectPromptAbort, PROMPT } from '../suite/abort.ts';
import { bytesOf } from '../suite/bytes-of.ts';
import { expectEqual, expectRejection, expectTrue, within } from '../suite/expect.ts';
import { calls, inPieces, LARGE, PIECE, readAll, type StoreCase } from './blobs.ts';

const reason = new Error('enough');

/** A call in vain leaves the one object that there was. */
function inVain(attempt: (tested: StoreUnderTest, ref: BlobRef) => Promise<void>): StoreCase['run'] {
  return async (tested) => {
    const bytes = bytesOf(50, 13);
    const ref = await tested.store.put(inPieces(bytes));
    await attempt(tested, ref);
    expectEqual(await tested.objects(), [bytes], 'the objects at the backend');
    expectEqual(await readAll(tested, ref), bytes, 'the object of before');
  };
}

/** Signals. */
export const abortCases: readonly StoreCase[] = [
  ...Object.entries(calls).flatMap(([name, call]): StoreCase[] => [
    {
      name: `${name} does nothing when aborted before`,
      run: inVain((tested, ref) => expectNoBegin((signal) => call(tested, ref, signal), name)),
    },
    {
      name: `${name} ends at once when aborted while the backend is silent`,
      requires: (tested) => needsStall(tested, name),
      run: inVain((tested, ref) => expectPromptAbort(tested, (signal) => call(tested, ref, signal), name)),
    },
  ]),

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
