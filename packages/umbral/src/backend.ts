import type { Point } from './curve.ts';

/** The claim that the sum of these products is this point. Everything in it is public. */
export interface Equation {
  readonly points: readonly Point[];
  readonly scalars: readonly bigint[];
  readonly equals: Point;
}

/**
 * The operations on the curve that take the time of this package: `nobleBackend` (everywhere, the default) or
 * `addonBackend` of `@medseal/umbral/native` (Node, libsecp256k1). Points given are never the identity, scalars lie in
 * 1..n-1. Methods whose name ends in `Unsafe` see public values only and may take as long as these make them; the
 * others see secret scalars.
 */
export interface Backend {
  readonly name: string;
  /** Reads a compressed point other than the identity. Throws if the bytes are none. */
  decode(bytes: Uint8Array): Point;
  multiplyBase(scalar: bigint): Point;
  multiply(point: Point, scalar: bigint): Point;
  /** The products of one point with two scalars. */
  multiplyPair(point: Point, a: bigint, b: bigint): readonly [Point, Point];
  /** A point equal to this one that is quicker to multiply, for those that are multiplied often. */
  prepare(point: Point): Point;
  /** May be the identity. */
  sumOfProductsUnsafe(points: readonly Point[], scalars: readonly bigint[]): Point;
  /** Whether every one of the equations holds. */
  holdUnsafe(equations: readonly Equation[]): boolean;
  /** ECDSA over SHA-256 of the message, low-s, nonce of RFC 6979 with added randomness; 64 bytes r || s. */
  sign(message: Uint8Array, secret: Uint8Array): Uint8Array;
  /** Refuses a high s. */
  verifyUnsafe(signature: Uint8Array, message: Uint8Array, key: Point): boolean;
}
