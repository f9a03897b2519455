import { keccak_256 } from '@noble/hashes/sha3.js';
import fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import { wasmKeccak } from './wasm-keccak.ts';

const found = await wasmKeccak();

function wasm(bytes: Uint8Array): Uint8Array {
  if (found === undefined) throw new Error('hash-wasm is a development dependency: it must load');
  return found(bytes);
}

/** Bytes that Keccak-256 takes in at once. */
const BLOCK = 136;

test('hashes bytes of every length up to several blocks as the library does', () => {
  for (let length = 0; length <= 5 * BLOCK + 1; length++) {
    const bytes = Uint8Array.from({ length }, (_, i) => (i * 31 + length) % 256);
    expect(wasm(bytes)).toEqual(keccak_256(bytes));
  }
});

test('hashes any bytes as the library does, also where they are part of others', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 6 * BLOCK }), fc.nat(6 * BLOCK), (bytes, start) => {
      const part = bytes.subarray(start);
      expect(wasm(part)).toEqual(keccak_256(part));
    }),
    { numRuns: 500 },
  );
});

test('hashes more than it takes in at once', () => {
  const bytes = new Uint8Array(100_000).fill(7);
  expect(wasm(bytes)).toEqual(keccak_256(bytes));
});

test('a hash stays what it is when others are made, and leaves the bytes alone', () => {
  const bytes = Uint8Array.of(1, 2, 3);
  const first = wasm(bytes);
  wasm(Uint8Array.of(4));
  expect(first).toEqual(keccak_256(Uint8Array.of(1, 2, 3)));
  expect(bytes).toEqual(Uint8Array.of(1, 2, 3));
});

test('there is none where the package is not installed', async () => {
  vi.doMock('hash-wasm', () => {
    throw new Error('not installed');
  });
  try {
    expect(await wasmKeccak()).toBeUndefined();
  } finally {
    vi.doUnmock('hash-wasm');
  }
});
