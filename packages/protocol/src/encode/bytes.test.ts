import fc from 'fast-check';
import { expect, test } from 'vitest';
import { concat, fromHex, isHex, toHex } from './bytes.ts';

test('bytes come back from hex', () => {
  fc.assert(
    fc.property(fc.uint8Array(), (bytes) => {
      expect(fromHex(toHex(bytes))).toEqual(bytes);
    }),
  );
});

test('hex is the same however long the bytes are', () => {
  for (const length of [0, 1, 20, 32, 127, 128, 129, 1000]) {
    const bytes = Uint8Array.from({ length }, (_, index) => (index * 37) % 256);
    expect(toHex(bytes)).toBe(`0x${Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')}`);
  }
});

test('hex is lower case, prefixed and of the length asked for', () => {
  expect(isHex('0x00ff', 2)).toBe(true);
  for (const strange of ['0x00FF', '00ff', '0x00f', '0x00ff00', '0x00fg', '0x00ff\n', 255, undefined])
    expect(isHex(strange, 2)).toBe(false);
  expect(() => fromHex('0x0')).toThrow();
  expect(() => fromHex('0xgg')).toThrow();
});

test('concat keeps the order', () => {
  expect(concat(Uint8Array.of(1), Uint8Array.of(), Uint8Array.of(2, 3))).toEqual(Uint8Array.of(1, 2, 3));
});
