import { needsStall, whileStalled } from '../drivers/disturbances.ts';
import { bytesOf } from '../suite/bytes-of.ts';
import { PROMPT } from '../suite/abort.ts';
import { expectEqual, expectRejection, expectTrue, within } from '../suite/expect.ts';
import { digestOf, inPieces, LARGE, PIECE, readAll, type StoreCase } from './blobs.ts';

/** Bytes that a store may hold in memory of a stream. */
const MOST_AHEAD = 8 * 1024 * 1024;
/** Milliseconds in which a store that reads without end has read that much. */
const TIME_TO_READ = 100;
const reason = new Error('enough');

function roundTrip(size: number): StoreCase {
  return {
    name: `gives ${size} bytes back, under their digest`,
    run: async (tested) => {
      const bytes = bytesOf(size, 1);
      const { store } = tested;
      const ref = await store.put(inPieces(bytes));
      expectEqual({ digest: ref.digest, size: ref.size }, { digest: digestOf(bytes), size }, 'digest and size');
      expectEqual(await store.has(ref), true, 'has the object');
      expectEqual(await readAll(tested, ref), bytes, 'the bytes read');
    },
  };
}

/** What is put can be got, whatever its size and its pieces. */
export const roundTripCases: readonly StoreCase[] = [
  ...[0, 1, 1000, PIECE - 1, PIECE, PIECE + 1, LARGE].map(roundTrip),

  {
    name: 'takes pieces of any length, empty ones too',
    run: async (tested) => {
      const bytes = bytesOf(10_000, 2);
      async function* pieces(): AsyncGenerator<Uint8Array> {
        yield new Uint8Array();
        yield bytes.slice(0, 1);
        yield new Uint8Array();
        yield bytes.slice(1);
        yield new Uint8Array();
      }
      expectEqual(await readAll(tested, await tested.store.put(pieces())), bytes, 'the bytes read');
    },
  },

  {
    name: 'asks its caller for the digest only when the stream has ended',
    run: async (tested) => {
      const bytes = bytesOf(10_000, 18);
      let ended = false;
      async function* pieces(): AsyncGenerator<Uint8Array> {
        yield* inPieces(bytes, 1000);
        ended = true;
      }
      const digest = (): `0x${string}` => {
        expectTrue(ended, 'the stream has ended when the digest is asked for');
        return digestOf(bytes);
      };
      const ref = await tested.store.put(pieces(), { digest });
      const expected = { digest: digestOf(bytes), size: bytes.length };
      expectEqual({ digest: ref.digest, size: ref.size }, expected, 'digest and size');
      expectEqual(await readAll(tested, ref), bytes, 'the bytes read');
    },
  },

  {
    name: 'keeps nothing of a buffer that its source uses again',
    run: async (tested) => {
      const buffer = new Uint8Array(1000);
      async function* reusing(): AsyncGenerator<Uint8Array> {
        for (let value = 1; value <= 200; value++) yield buffer.fill(value);
      }
      const ref = await tested.store.put(reusing());
      const expected = Uint8Array.from({ length: 200_000 }, (_, index) => 1 + Math.floor(index / 1000));
      expectEqual(ref.digest, digestOf(expected), 'the digest');
      expectEqual(await readAll(tested, ref), expected, 'the bytes read');
    },
  },

  {
    name: 'gives a piece back to its source only when it has done with it',
    run: async (tested) => {
      const bytes = bytesOf(5 * PIECE + 1, 27);
      const recycle = (piece: Uint8Array): void => {
        piece.fill(0);
      };
      const ref = await tested.store.put(inPieces(bytes), { recycle });
      expectEqual(ref.digest, digestOf(bytes), 'the digest');
      expectEqual(await readAll(tested, ref), bytes, 'the bytes read');
    },
  },

  {
    name: 'reads right into memory that it may use again',
    run: async (tested) => {
      const bytes = bytesOf(5 * PIECE + 1, 28);
      const ref = await tested.store.put(inPieces(bytes));
      expectEqual(await readAll(tested, ref, { reuse: true }), bytes, 'the bytes read');
    },
  },

  {
    name: 'has its objects after a restart',
    requires: (tested) => (tested.reopen === undefined ? 'its objects live as long as the process' : undefined),
    run: async (tested) => {
      const bytes = bytesOf(3 * PIECE, 29);
      const kept = await tested.store.put(inPieces(bytes));
      const gone = await tested.store.put(inPieces(bytesOf(10, 30)));
      await tested.store.delete(gone);
      await using store = await tested.reopen?.();
      if (store === undefined) return;
      expectEqual(await readAll({ ...tested, store }, kept), bytes, 'the object kept');
      expectEqual(await store.has(gone), false, 'has the object deleted');
    },
  },

  {
    name: 'stores exactly what it was given',
    run: async (tested) => {
      const { store } = tested;
      const [a, b] = [bytesOf(100, 3), bytesOf(200, 4)];
      await store.put(inPieces(a));
      await store.put(inPieces(b));
      const seen = (await tested.objects()).toSorted((x, y) => x.length - y.length);
      expectEqual(seen, [a, b], 'the objects at the backend');
    },
  },

  {
    name: 'takes the same bytes twice',
    run: async (tested) => {
      const bytes = bytesOf(5000, 5);
      const first = await tested.store.put(inPieces(bytes));
      const second = await tested.store.put(inPieces(bytes, 7));
      expectEqual(second.digest, first.digest, 'the digest of the second put');
      for (const ref of [first, second]) expectEqual(await readAll(tested, ref), bytes, 'the bytes read');
    },
  },

  {
    name: 'takes the same bytes from several at once',
    run: async (tested) => {
      const bytes = bytesOf(5000, 19);
      const refs = await Promise.all([7, 100, 5000].map((size) => tested.store.put(inPieces(bytes, size))));
      for (const ref of refs) expectEqual(await readAll(tested, ref), bytes, 'the bytes read');
      for (const object of await tested.objects()) expectEqual(object, bytes, 'each object at the backend');
    },
  },

  {
    name: 'shows nothing of an object before its end',
    run: async (tested) => {
      const bytes = bytesOf(3 * PIECE, 20);
      async function* watched(): AsyncGenerator<Uint8Array> {
        for await (const piece of inPieces(bytes)) {
          yield piece;
          expectEqual(await tested.objects(), [], 'the objects at the backend during the put');
        }
      }
      const ref = await tested.store.put(watched());
      expectEqual(await tested.objects(), [bytes], 'the objects at the backend after the put');
      expectEqual(await readAll(tested, ref), bytes, 'the bytes read');
    },
  },

  {
    name: 'reads no further ahead of a silent backend than a few megabytes',
    requires: (tested) => needsStall(tested, 'put'),
    run: async (tested) => {
      let pieces = 0;
      const abort = new AbortController();
      async function* endless(): AsyncGenerator<Uint8Array> {
        for (; pieces < MOST_AHEAD / PIECE; pieces++) yield new Uint8Array(PIECE);
        await new Promise(() => {});
      }
      await whileStalled(tested, async () => {
        const put = tested.store.put(endless(), { signal: abort.signal });
        await new Promise((resolve) => setTimeout(resolve, TIME_TO_READ));
        abort.abort(reason);
        await expectRejection(within(PROMPT, put, 'an aborted put ends'), reason, 'the put, aborted');
        expectTrue(pieces < MOST_AHEAD / PIECE, `less than ${MOST_AHEAD} bytes were read`, pieces * PIECE);
      });
    },
  },

  {
    name: 'keeps objects apart that are put and read at the same time',
    run: async (tested) => {
      const contents = Array.from({ length: 12 }, (_, index) => bytesOf(1000 * index, index));
      const refs = await Promise.all(contents.map((bytes) => tested.store.put(inPieces(bytes, 333))));
      const read = await Promise.all(refs.map((ref) => readAll(tested, ref)));
      expectEqual(read, contents, 'the bytes read');
    },
  },

  {
    name: 'hands out memory that the reader may change',
    run: async (tested) => {
      const bytes = bytesOf(3000, 6);
      const ref = await tested.store.put(inPieces(bytes));
      for await (const piece of tested.store.get(ref)) piece.fill(0);
      expectEqual(await readAll(tested, ref), bytes, 'the bytes read after a reader has changed its own');
    },
  },

  {
    name: 'serves on after a reader has left early',
    run: async (tested) => {
      const bytes = bytesOf(40 * PIECE, 7);
      const ref = await tested.store.put(inPieces(bytes));
      let seen = 0;
      for await (const piece of tested.store.get(ref)) {
        seen = piece.length;
        break;
      }
      expectTrue(seen > 0, 'the reader saw a piece', seen);
      expectEqual(await readAll(tested, ref), bytes, 'the bytes read');
    },
  },
];
