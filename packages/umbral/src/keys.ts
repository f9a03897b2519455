import { abytes } from '@noble/curves/utils.js';
import { backend } from './current-backend.ts';
import { type Point, scalarFromBytes, scalarToBytes } from './curve.ts';
import { pointFromBytes } from './decode-point.ts';
import { randomScalar } from './random-scalar.ts';

/** Key that opens: of the delegating party or of the receiving one. Do not log it: its scalar is the secret. */
export interface SecretKey {
  readonly type: 'secretKey';
  readonly scalar: bigint;
}

/** What one encrypts to, or delegates to. */
export interface PublicKey {
  readonly type: 'publicKey';
  readonly point: Point;
}

export function generateSecretKey(): SecretKey {
  return { type: 'secretKey', scalar: randomScalar() };
}

/** Reads 32 big-endian bytes in 1..n-1. Throws `MALFORMED`. */
export function secretKeyFromBytes(bytes: Uint8Array): SecretKey {
  return { type: 'secretKey', scalar: scalarFromBytes(abytes(bytes), 'secret key') };
}

export function secretKeyToBytes(secretKey: SecretKey): Uint8Array {
  return scalarToBytes(secretKey.scalar);
}

export function publicKeyOf(secretKey: SecretKey): PublicKey {
  return { type: 'publicKey', point: backend().multiplyBase(secretKey.scalar) };
}

/** Reads a compressed point (33 bytes), never the identity. Throws `MALFORMED`. */
export function publicKeyFromBytes(bytes: Uint8Array): PublicKey {
  return { type: 'publicKey', point: pointFromBytes(abytes(bytes), 'public key') };
}

export function publicKeyToBytes(publicKey: PublicKey): Uint8Array {
  return publicKey.point.toBytes();
}
