import fc from 'fast-check';
import { expect, test } from 'vitest';
import { leftPad, numberIn, numberWord, readNumber, tagWord, WORD, writeNumber } from './word.ts';

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

test('a number is read from the word that begins where it is said to', () => {
  const bytes = Uint8Array.from([...new Uint8Array(WORD).fill(255), ...numberWord(0x010203), 255]);
  expect(readNumber(bytes, 24, WORD)).toBe(0x010203);
  expect(readNumber(bytes, 16, WORD)).toBeUndefined();
  expect(readNumber(bytes, 48)).toBeUndefined();
});

test('a number is written over what stood there, and over nothing beside it', () => {
  fc.assert(
    fc.property(fc.nat({ max: 2 ** 31 - 1 }), fc.nat(3), (value, start) => {
      const bytes = new Uint8Array(10).fill(255);
      writeNumber(bytes, start, start + 6, value);
      expect(numberIn(bytes, start, start + 6)).toBe(value);
      expect([...bytes.subarray(0, start), ...bytes.subarray(start + 6)]).toEqual([255, 255, 255, 255]);
    }),
  );
  const bytes = new Uint8Array(6);
  writeNumber(bytes, 0, 6, 2 ** 48 - 1);
  expect(bytes).toEqual(new Uint8Array(6).fill(255));
});

test('a number that does not fit is refused', () => {
  for (const strange of [256, 2 ** 32, -1, 1.5, 0.5, NaN, Infinity])
    expect(() => writeNumber(new Uint8Array(1), 0, 1, strange)).toThrow(RangeError);
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
