import { secp256k1 } from '@noble/curves/secp256k1.js';
import { numberToBytesBE } from '@noble/curves/utils.js';
import { concatBytes } from '@noble/hashes/utils.js';
import { expect, it } from 'vitest';
import { codeOf } from '../test/parties.ts';
import {
  assertSignature,
  generateSigner,
  isSignedBy,
  sign,
  signerFromBytes,
  signerToBytes,
  verifyingKeyFromBytes,
  verifyingKeyOf,
  verifyingKeyToBytes,
} from './signer.ts';

const message = Uint8Array.of(1, 2, 3);
const { n } = secp256k1.Point.CURVE();

it('signs what its verifying key accepts, and nothing else', () => {
  const signer = signerFromBytes(signerToBytes(generateSigner()));
  const verifyingKey = verifyingKeyFromBytes(verifyingKeyToBytes(verifyingKeyOf(signer)));
  const signature = sign(signer, message);
  expect(isSignedBy(verifyingKey, message, signature)).toBe(true);
  expect(isSignedBy(verifyingKey, Uint8Array.of(1, 2, 4), signature)).toBe(false);
  expect(isSignedBy(verifyingKeyOf(generateSigner()), message, signature)).toBe(false);
});

it('never signs twice alike', () => {
  const signer = generateSigner();
  expect(sign(signer, message)).not.toEqual(sign(signer, message));
});

it('refuses a high s and values out of range', () => {
  const signer = generateSigner();
  const { r, s } = secp256k1.Signature.fromBytes(sign(signer, message), 'compact');
  const encode = (first: bigint, second: bigint) =>
    concatBytes(numberToBytesBE(first, 32), numberToBytesBE(second, 32));
  expect(codeOf(() => assertSignature(encode(r, s), 'signature'))).toBeUndefined();
  expect(codeOf(() => assertSignature(encode(r, n - s), 'signature'))).toBe('MALFORMED');
  expect(isSignedBy(verifyingKeyOf(signer), message, encode(r, n - s))).toBe(false);
  expect(codeOf(() => assertSignature(encode(0n, s), 'signature'))).toBe('MALFORMED');
  expect(codeOf(() => assertSignature(encode(r, 0n), 'signature'))).toBe('MALFORMED');
  expect(codeOf(() => assertSignature(encode(n, s), 'signature'))).toBe('MALFORMED');
});
