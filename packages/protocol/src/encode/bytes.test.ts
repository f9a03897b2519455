import { hexToBytes } from '@noble/hashes/utils.js';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { concat, fromHex, type Hex, hexOf, isHex, toHex } from './bytes.ts';

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

test('hex of some of the bytes is that of these alone', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), fc.nat(300), fc.nat(300), (bytes, a, b) => {
      const [start, end] = [Math.min(a, b, bytes.length), Math.min(Math.max(a, b), bytes.length)];
      expect(hexOf(bytes, start, end)).toBe(toHex(bytes.slice(start, end)));
    }),
  );
});

function attempt(read: () => Uint8Array): Uint8Array | string {
  try {
    return read();
  } catch (error) {
    return String(error);
  }
}

test('any text is read, or refused, as @noble/hashes does with what stands behind its first two characters', () => {
  const digits = fc.string({ unit: fc.constantFrom(...Array.from('0123456789abcdefABCDEF')), maxLength: 140 });
  const oneWrong = fc
    .tuple(digits, fc.constantFrom(...Array.from('/:@G`g x\0é０\u{1d7d8}')), digits)
    .map(([before, wrong, after]) => before + wrong + after);
  fc.assert(
    fc.property(fc.constantFrom('0x', 'zz'), fc.oneof(digits, oneWrong, fc.string()), (prefix, text) => {
      expect(attempt(() => fromHex(`${prefix}${text}` as Hex))).toEqual(attempt(() => hexToBytes(text)));
    }),
  );
  for (const text of ['', '0', '0x']) expect(fromHex(text as Hex)).toEqual(new Uint8Array());
  for (const strange of [5, {}, undefined]) expect(() => fromHex(strange as never)).toThrow(TypeError);
});

test('concat keeps the order', () => {
  expect(concat(Uint8Array.of(1), Uint8Array.of(), Uint8Array.of(2, 3))).toEqual(Uint8Array.of(1, 2, 3));
});
