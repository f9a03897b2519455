import { expect, test } from 'vitest';
import { parseCursor, toCursor } from './cursor.ts';

test('cursors round-trip and sort as text', () => {
  const positions = [
    { block: 9, index: 10 },
    { block: 10, index: 9 },
    { block: 10, index: 10 },
    { block: 4_294_967_296, index: 0 },
  ];
  const cursors = positions.map(toCursor);
  expect(cursors.map(parseCursor)).toEqual(positions);
  expect(cursors.toSorted()).toEqual(cursors);
});

test.each(['', '7', '000000000001-00001', '000000000001-0000001', ' 000000000001-000001', 'x00000000001-000001'])(
  'refuses %j',
  (cursor) => {
    expect(() => parseCursor(cursor)).toThrow(RangeError);
  },
);
