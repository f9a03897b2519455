import fc from 'fast-check';
import { expect, test } from 'vitest';
import { leftPad, numberWord, readNumber, tagWord, WORD } from './word.ts';

test('numbers are big-endian and right-aligned', () => {
  expect(numberWord(0x0102)).toEqual(Uint8Array.from([...new Uint8Array(30), 1, 2]));
  expect(numberWord(2n ** 256n - 1n)).toEqual(new Uint8Array(WORD).fill(255));
  expect(numberWord(0)).toEqual(new Uint8Array(WORD));
});

test('a number comes back through its width and through no narrower one', () => {
  fc.assert(
    fc.property(fc.nat({ max: 2 ** 31 - 1 }), fc.constantFrom(8, 16, 32, 40, 48), (value, bits) => {
      expect(readNumber(numberWord(value), bits)).toBe(value < 2 ** bits ? value : undefined);
    }),
  );
  expect(readNumber(numberWord(2 ** 48 - 1), 48)).toBe(2 ** 48 - 1);
  expect(readNumber(numberWord(2 ** 40), 40)).toBeUndefined();
});

test('numbers that are no whole ones from zero up are refused', () => {
  for (const strange of [-1, -1n, 1.5, NaN, Infinity]) expect(() => numberWord(strange)).toThrow();
});

test('bytes are padded on the left, tags on the right', () => {
  expect([...leftPad(Uint8Array.of(1, 2))].slice(29)).toEqual([0, 1, 2]);
  expect(leftPad(new Uint8Array(32).fill(7))).toEqual(new Uint8Array(32).fill(7));
  expect([...tagWord('ab')].slice(0, 3)).toEqual([0x61, 0x62, 0]);
  expect(tagWord('ab')).toHaveLength(WORD);
});
