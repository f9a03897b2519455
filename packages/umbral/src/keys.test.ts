import { secp256k1 } from '@noble/curves/secp256k1.js';
import { numberToBytesBE } from '@noble/curves/utils.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { codeOf } from '../test/parties.ts';
import {
  generateSecretKey,
  publicKeyFromBytes,
  publicKeyOf,
  publicKeyToBytes,
  secretKeyFromBytes,
  secretKeyToBytes,
} from './keys.ts';

const { n, p } = secp256k1.Point.CURVE();
const scalar = (value: bigint) => numberToBytesBE(value, 32);
const compressed = (prefix: number, x: bigint) => Uint8Array.of(prefix, ...numberToBytesBE(x, 32));

describe('secret key', () => {
  it('round-trips, the smallest and the largest too', () => {
    for (const bytes of [scalar(1n), scalar(n - 1n), secretKeyToBytes(generateSecretKey())]) {
      expect(secretKeyToBytes(secretKeyFromBytes(bytes))).toEqual(bytes);
    }
  });

  it.each([
    ['zero', scalar(0n)],
    ['the order', scalar(n)],
    ['all ones', new Uint8Array(32).fill(255)],
    ['nothing', new Uint8Array(0)],
    ['31 bytes', new Uint8Array(31).fill(1)],
    ['33 bytes', new Uint8Array(33).fill(1)],
  ])('refuses %s', (_, bytes) => {
    expect(codeOf(() => secretKeyFromBytes(bytes))).toBe('MALFORMED');
  });

  it('does not show the key in the error', () => {
    const bytes = scalar(n + 0x1234567n);
    expect(() => secretKeyFromBytes(bytes)).toThrow(/^secret key is not a scalar of 32 bytes in 1\.\.n-1$/);
  });

  it('is a TypeError when it is not bytes', () => {
    expect(() => secretKeyFromBytes('00' as unknown as Uint8Array)).toThrow(TypeError);
  });
});

describe('public key', () => {
  const bytes = publicKeyToBytes(publicKeyOf(secretKeyFromBytes(scalar(2n))));
  const uncompressed = secp256k1.Point.BASE.toBytes(false);

  it('round-trips', () => {
    expect(bytes).toEqual(secp256k1.Point.BASE.double().toBytes());
    expect(publicKeyToBytes(publicKeyFromBytes(bytes))).toEqual(bytes);
  });

  it.each([
    ['the identity, one byte', Uint8Array.of(0)],
    ['the identity, 33 bytes', new Uint8Array(33)],
    ['an uncompressed point', uncompressed],
    ['a hybrid point', Uint8Array.of(6, ...uncompressed.subarray(1))],
    ['an x-only point', bytes.subarray(1)],
    ['a prefix that does not exist', Uint8Array.of(4, ...bytes.subarray(1))],
    ['an x that is not on the curve', compressed(2, 5n)],
    ['an x of the field prime', compressed(2, p)],
    ['an x above the field prime that is on the curve when reduced', compressed(2, p + 1n)],
    ['a byte too many', Uint8Array.of(...bytes, 0)],
  ])('refuses %s', (_, malformed) => {
    expect(codeOf(() => publicKeyFromBytes(malformed))).toBe('MALFORMED');
  });

  it('reads only what it would write', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 32, maxLength: 34 }), fc.constantFrom(2, 3), (random, prefix) => {
        const candidate = Uint8Array.of(prefix, ...random.subarray(1));
        if (codeOf(() => publicKeyFromBytes(candidate)) === undefined) {
          expect(publicKeyToBytes(publicKeyFromBytes(candidate))).toEqual(candidate);
        }
      }),
    );
  });
});
