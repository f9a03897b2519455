import type { BlobRef } from '@medseal/core/adapter';
import { needsStall, whileStalled } from '../drivers/disturbances.ts';
import type { StoreUnderTest } from '../drivers/store-driver.ts';
import { expectNoBegin, expectPromptAbort, PROMPT } from '../suite/abort.ts';
import { bytesOf } from '../suite/bytes-of.ts';
import { expectEqual, expectRejection, expectTrue, within } from '../suite/expect.ts';
import { calls, inPieces, LARGE, PIECE, readAll, type StoreCase } from './blobs.ts';

const reason = new Error('enough');
/** Bytes of a put after which the backend falls silent: some of them are on their way by then. */
const LATE = 32 * PIECE;

/** The call, aborted in a moment, ends at once with the reason. */
async function expectEnd(abort: AbortController, call: Promise<unknown>, name: string): Promise<void> {
  setTimeout(() => abort.abort(reason), 20);
  await expectRejection(within(PROMPT, call, `${name} ends`), reason, name);
}

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
    name: 'ends a put at once when aborted while the backend falls silent in the middle',
    requires: (tested) => needsStall(tested, 'put'),
    run: inVain(async (tested) => {
      const abort = new AbortController();
      const silent = Promise.withResolvers<void>();
      const held = Promise.withResolvers<void>();
      async function* source(): AsyncGenerator<Uint8Array> {
        for (let size = 0; size < LARGE; size += PIECE) {
          if (size === LATE) {
            silent.resolve();
            await held.promise;
          }
          yield bytesOf(PIECE, 17);
        }
        await new Promise(() => {});
      }
      const put = tested.store.put(source(), { signal: abort.signal });
      await silent.promise;
      await whileStalled(tested, () => {
        held.resolve();
        return expectEnd(abort, put, 'an aborted put');
      });
    }),
  },

  {
    name: 'ends a read at once when aborted while the backend falls silent in the middle',
    requires: (tested) => needsStall(tested, 'get'),
    run: async (tested) => {
      const ref = await tested.store.put(inPieces(bytesOf(LARGE, 18)));
      const abort = new AbortController();
      const reading = tested.store.get(ref, { signal: abort.signal })[Symbol.asyncIterator]();
      expectEqual((await reading.next()).done, false, 'whether the read ends with its first piece');
      const readOn = async (): Promise<void> => {
        while ((await reading.next()).done !== true);
      };
      await whileStalled(tested, () => expectEnd(abort, readOn(), 'an aborted read'));
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
