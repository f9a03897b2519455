import { expect, test } from 'vitest';
import { formatCursor, parseCursor } from './cursor.ts';

const position = { block: 12, logIndex: 3, blockHash: `0x${'ab'.repeat(32)}` } as const;

test('a cursor reads back', () => {
  expect(parseCursor(formatCursor(position))).toEqual(position);
});

test.each(['', '1', '1/2', '1/2/0xab', `-1/0/0x${'ab'.repeat(32)}`, `1/0/0x${'ab'.repeat(32)} `])(
  'refuses %j as a cursor',
  (text) => {
    expect(() => parseCursor(text)).toThrow(TypeError);
  },
);
