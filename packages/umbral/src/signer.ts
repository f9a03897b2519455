import { abytes } from '@noble/curves/utils.js';
import { backend } from './current-backend.ts';
import { Fn, type Point, scalarFromBytes, scalarToBytes } from './curve.ts';
import { pointFromBytes } from './decode-point.ts';
import { UmbralError } from './errors.ts';
import { randomScalar } from './random-scalar.ts';

/** ECDSA key with which the delegating party signs its key fragments. A key of its own: never the delegating key. */
export interface Signer {
  readonly type: 'signer';
  readonly scalar: bigint;
}

/** Public half of a `Signer`. */
export interface VerifyingKey {
  readonly type: 'verifyingKey';
  readonly point: Point;
}

export const SIGNATURE_BYTES = 64;

export function generateSigner(): Signer {
  return { type: 'signer', scalar: randomScalar() };
}

/** Reads 32 big-endian bytes in 1..n-1. Throws `MALFORMED`. */
export function signerFromBytes(bytes: Uint8Array): Signer {
  return { type: 'signer', scalar: scalarFromBytes(abytes(bytes), 'signer') };
}

export function signerToBytes(signer: Signer): Uint8Array {
  return scalarToBytes(signer.scalar);
}

export function verifyingKeyOf(signer: Signer): VerifyingKey {
  return { type: 'verifyingKey', point: backend().multiplyBase(signer.scalar) };
}

/** Reads a compressed point (33 bytes), never the identity. Throws `MALFORMED`. */
export function verifyingKeyFromBytes(bytes: Uint8Array): VerifyingKey {
  return { type: 'verifyingKey', point: pointFromBytes(abytes(bytes), 'verifying key') };
}

export function verifyingKeyToBytes(verifyingKey: VerifyingKey): Uint8Array {
  return verifyingKey.point.toBytes();
}

/** ECDSA over SHA-256, low-s, nonce of RFC 6979 with added randomness; 64 bytes r || s. */
export function sign(signer: Signer, message: Uint8Array): Uint8Array {
  return backend().sign(message, signerToBytes(signer));
}

export function isSignedBy(verifyingKey: VerifyingKey, message: Uint8Array, signature: Uint8Array): boolean {
  return backend().verifyUnsafe(signature, message, verifyingKey.point);
}

/** Refuses r or s out of 1..n-1 and a high s, so that a signature has one encoding. Throws `MALFORMED`. */
export function assertSignature(bytes: Uint8Array, field: string): void {
  scalarFromBytes(bytes.subarray(0, SIGNATURE_BYTES / 2), `r of ${field}`);
  const s = scalarFromBytes(bytes.subarray(SIGNATURE_BYTES / 2), `s of ${field}`);
  if (s > Fn.ORDER / 2n) throw new UmbralError('MALFORMED', `${field} has a high s`);
}
