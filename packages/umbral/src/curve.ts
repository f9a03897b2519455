import type { WeierstrassPoint } from '@noble/curves/abstract/weierstrass.js';
import { secp256k1 } from '@noble/curves/secp256k1.js';
import { bytesToNumberBE, numberToBytesBE } from '@noble/curves/utils.js';
import { UmbralError } from './errors.ts';

/** Immutable point of secp256k1. Those that this package hands out are never the identity. */
export type Point = WeierstrassPoint<bigint>;

/** Arithmetic modulo the group order n. */
export const Fn: typeof secp256k1.Point.Fn = secp256k1.Point.Fn;

/** The generator. */
export const G: Point = secp256k1.Point.BASE;

export const POINT_BYTES = 33;
export const SCALAR_BYTES = 32;

/** Reads a scalar of 32 big-endian bytes in 1..n-1. */
export function scalarFromBytes(bytes: Uint8Array, field: string): bigint {
  const scalar = bytes.length === SCALAR_BYTES ? bytesToNumberBE(bytes) : 0n;
  if (!Fn.isValidNot0(scalar)) {
    throw new UmbralError('MALFORMED', `${field} is not a scalar of ${SCALAR_BYTES} bytes in 1..n-1`);
  }
  return scalar;
}

export function scalarToBytes(scalar: bigint): Uint8Array {
  return numberToBytesBE(scalar, SCALAR_BYTES);
}

/** 1/scalar modulo n. Inversion is not constant-time, so what it sees is blinded by a random factor. */
export function invertSecret(scalar: bigint, blind: bigint): bigint {
  return Fn.mul(Fn.inv(Fn.mul(scalar, blind)), blind);
}
