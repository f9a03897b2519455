import { secp256k1 } from '@noble/curves/secp256k1.js';
import { SigningKey, computeAddress, recoverAddress, Signature } from 'ethers';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { alice, bytesOf } from '../../test/world.ts';
import { toHex } from './bytes.ts';
import { addressOfPublicKey, memorySigner, recoverSigner, signDigest } from './signature.ts';

const digest = bytesOf('digest');
const good = signDigest(digest, alice.secretKey);
const order = secp256k1.Point.Fn.ORDER;

function withByte(at: number, value: number): Uint8Array {
  const changed = Uint8Array.from(good);
  changed[at] = value;
  return changed;
}

function withScalar(at: 0 | 32, value: bigint, v: number): Uint8Array {
  const changed = withByte(64, v);
  for (let i = 31, rest = value; i >= 0; i--, rest >>= 8n) changed[at + i] = Number(rest & 0xffn);
  return changed;
}

const s = BigInt(toHex(good.subarray(32, 64)));
const v = good[64] ?? 0;

test('ethers recovers the same address, and signs the same bytes', () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ minLength: 32, maxLength: 32 }),
      fc.uint8Array({ minLength: 32, maxLength: 32 }).filter((key) => secp256k1.utils.isValidSecretKey(key)),
      (message, key) => {
        const signature = signDigest(message, key);
        const ethersKey = new SigningKey(key);
        expect(toHex(signature)).toBe(ethersKey.sign(message).serialized);
        const address = computeAddress(ethersKey).toLowerCase();
        expect(recoverSigner(message, signature)).toBe(address);
        expect(recoverAddress(message, Signature.from(toHex(signature))).toLowerCase()).toBe(address);
        expect(addressOfPublicKey(secp256k1.getPublicKey(key))).toBe(address);
      },
    ),
    { numRuns: 30 },
  );
});

test('s is low and v is 27 or 28', () => {
  expect(s <= order / 2n).toBe(true);
  expect([27, 28]).toContain(v);
  expect(recoverSigner(digest, good)).toBe(alice.address);
});

test('the malleable twin (high s, other v) is refused', () => {
  expect(recoverSigner(digest, withScalar(32, order - s, v === 27 ? 28 : 27))).toBeUndefined();
  expect(recoverSigner(digest, withScalar(32, order - s, v))).toBeUndefined();
});

test('v is 27 or 28, nothing else', () => {
  for (let other = 0; other < 256; other++)
    if (other !== 27 && other !== 28) expect(recoverSigner(digest, withByte(64, other))).toBeUndefined();
  expect(recoverSigner(digest, withByte(64, 55 - v))).not.toBe(alice.address);
});

test('r and s of zero or beyond the order are refused', () => {
  for (const at of [0, 32] as const)
    for (const value of [0n, order, order + 1n, 2n ** 256n - 1n])
      expect(recoverSigner(digest, withScalar(at, value, v))).toBeUndefined();
});

test('the largest low s is canonical, the next is not', () => {
  const half = order >> 1n;
  expect(recoverSigner(digest, withScalar(32, half, v))).toMatch(/^0x[0-9a-f]{40}$/);
  expect(recoverSigner(digest, withScalar(32, half + 1n, v))).toBeUndefined();
});

test('a signature of another length is refused', () => {
  for (const length of [0, 1, 64, 66]) expect(recoverSigner(digest, new Uint8Array(length).fill(27))).toBeUndefined();
  expect(recoverSigner(digest, Uint8Array.from([...good, 0]))).toBeUndefined();
});

test('any changed bit of digest or signature names another signer or none', () => {
  fc.assert(
    fc.property(fc.nat(64 * 8 - 1), (bit) => {
      const changed = withByte(bit >> 3, (good[bit >> 3] ?? 0) ^ (1 << (bit & 7)));
      expect(recoverSigner(digest, changed)).not.toBe(alice.address);
      const other = Uint8Array.from(digest);
      other[(bit >> 3) % 32] = (digest[(bit >> 3) % 32] ?? 0) ^ (1 << (bit & 7));
      expect(recoverSigner(other, good)).not.toBe(alice.address);
    }),
    { numRuns: 60 },
  );
});

test('a signer in memory signs for its address, the same bytes each time', async () => {
  const signer = memorySigner(alice.secretKey);
  expect(signer.address).toBe(alice.address);
  expect(await signer.sign(digest)).toEqual(good);
});
