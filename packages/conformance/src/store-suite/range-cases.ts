import { bytesOf } from '../suite/bytes-of.ts';
import { expectEqual, expectRejection } from '../suite/expect.ts';
import { inPieces, PIECE, readAll, type StoreCase } from './blobs.ts';

const SIZE = 3 * PIECE + 7;
const bytes = bytesOf(SIZE, 17);

const ranges: readonly (readonly [start: number, end: number])[] = [
  [0, SIZE],
  [0, 1],
  [1, 2],
  [PIECE - 1, PIECE + 1],
  [PIECE, 2 * PIECE],
  [5, SIZE - 5],
  [SIZE - 1, SIZE],
  [0, 0],
  [100, 100],
  [SIZE, SIZE],
];

/** Parts of objects. */
export const rangeCases: readonly StoreCase[] = [
  ...ranges.map(([start, end]): StoreCase => ({
    name: `gives the bytes from ${start} to ${end}`,
    run: async (tested) => {
      const ref = await tested.store.put(inPieces(bytes));
      expectEqual(await readAll(tested, ref, { start, end }), bytes.slice(start, end), 'the bytes read');
    },
  })),

  {
    name: 'reads from a place to the end, and from the beginning to a place',
    run: async (tested) => {
      const ref = await tested.store.put(inPieces(bytes));
      const place = PIECE + 3;
      expectEqual(await readAll(tested, ref, { start: place }), bytes.slice(place), 'the bytes from a place on');
      expectEqual(await readAll(tested, ref, { end: place }), bytes.slice(0, place), 'the bytes up to a place');
    },
  },

  {
    name: 'refuses what is no range of the object',
    run: async (tested) => {
      const ref = await tested.store.put(inPieces(bytes));
      for (const range of [{ start: -1 }, { start: 2, end: 1 }, { end: SIZE + 1 }, { start: SIZE + 1 }, { start: 0.5 }])
        await expectRejection(readAll(tested, ref, range), { name: 'RangeError' }, `range ${JSON.stringify(range)}`);
    },
  },

  {
    name: 'has no range of an object that is absent',
    run: async (tested) => {
      const ref = await tested.store.put(inPieces(bytes));
      await tested.store.delete(ref);
      for (const [start, end] of [
        [1, 5],
        [3, 3],
      ])
        await expectRejection(
          readAll(tested, ref, { start, end }),
          { name: 'AbsentError' },
          'a range of what is absent',
        );
    },
  },
];
