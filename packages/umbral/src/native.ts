import { secp256k1 } from '@noble/curves/secp256k1.js';
import { bytesToNumberBE } from '@noble/curves/utils.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { randomBytes } from '@noble/hashes/utils.js';
import bindings from 'secp256k1/bindings.js';
import type { Backend, Equation } from './backend.ts';
import { Fn, G, type Point, scalarToBytes } from './curve.ts';
import { randomScalar } from './random-scalar.ts';

export type { Backend } from './backend.ts';

bindings.contextRandomize(randomBytes(32));

/**
 * libsecp256k1 through the native addon of the npm package `secp256k1`, for Node: give it to `useBackend`. Importing
 * this module throws where the addon is not installed or has no binary; it never falls back to another library.
 *
 * Secret scalars go through `publicKeyCreate` and `ecdsaSign`, and masked through `ecdh`, whose hash callback hands out
 * the point. They reach it as big integers of JavaScript, which promise nothing. `secp256k1` 5.0.2 bundles
 * libsecp256k1 from before its first release, without the later fixes for compilers that undo its constant time.
 */
export const addonBackend: Backend = {
  name: 'libsecp256k1',
  decode: (bytes) => fromUncompressed(bindings.publicKeyConvert(bytes, false)),
  multiplyBase: (scalar) => fromUncompressed(bindings.publicKeyCreate(scalarToBytes(scalar), false)),
  multiply: (point, scalar) => maskedMultiplier(point)(scalar),
  multiplyPair,
  prepare: (point) => point,
  sumOfProductsUnsafe,
  holdUnsafe: (equations) => equations.every(holds),
  sign: (message, secret) => bindings.ecdsaSign(sha256(message), secret, { data: randomBytes(32) }).signature,
  verifyUnsafe,
};

const UNCOMPRESSED_BYTES = 65;
const noOutput = new Uint8Array(1);

/** The addon hands out points of the curve only, in affine coordinates. */
function fromUncompressed(bytes: Uint8Array): Point {
  const x = bytesToNumberBE(bytes.subarray(1, 33));
  const y = bytesToNumberBE(bytes.subarray(33, UNCOMPRESSED_BYTES));
  return secp256k1.Point.fromAffine({ x, y });
}

/**
 * The function from scalar to scalar P, as (scalar - mask) P + mask P with a fresh mask. The time of `ecdh` in the binary
 * for Linux was measured to depend on its scalar, by 0.3 % (bench/scalar-timing.ts): what it sees here is random, and
 * something else every time.
 */
function maskedMultiplier(point: Point): (scalar: bigint) => Point {
  const encoded = point.toBytes(false);
  const mask = randomScalar();
  const ofMask = multiplyMasked(encoded, mask);
  return (scalar) => {
    if (!Fn.isValidNot0(scalar)) throw new RangeError('the scalar is not in 1..n-1');
    return fromUncompressed(bindings.publicKeyCombine([multiplyMasked(encoded, Fn.sub(scalar, mask)), ofMask], false));
  };
}

function multiplyPair(point: Point, a: bigint, b: bigint): readonly [Point, Point] {
  const multiply = maskedMultiplier(point);
  return [multiply(a), multiply(b)];
}

function multiplyMasked(point: Uint8Array, scalar: bigint): Uint8Array {
  const product = new Uint8Array(UNCOMPRESSED_BYTES);
  product[0] = 4;
  const [xbuf, ybuf] = [product.subarray(1, 33), product.subarray(33)];
  bindings.ecdh(point, scalarToBytes(scalar), { hashfn: () => noOutput, xbuf, ybuf }, noOutput);
  return product;
}

function productUnsafe(point: Point, scalar: bigint): Uint8Array {
  if (scalar === 1n) return point.toBytes(false);
  if (point === G) return bindings.publicKeyCreate(scalarToBytes(scalar), false);
  return bindings.publicKeyTweakMul(point.toBytes(false), scalarToBytes(scalar), false);
}

/** The sum of the products, or `undefined` for the identity, which has no encoding there. */
function addedUnsafe(points: readonly Point[], scalars: readonly bigint[]): Uint8Array | undefined {
  const products = points.map((point, i) => productUnsafe(point, scalars[i] ?? 0n));
  if (products.length <= 1) return products[0];
  try {
    return bindings.publicKeyCombine(products, false);
  } catch (error) {
    if (error instanceof Error && error.message === 'The sum of the public keys is not valid') return undefined;
    throw error;
  }
}

function sumOfProductsUnsafe(points: readonly Point[], scalars: readonly bigint[]): Point {
  const sum = addedUnsafe(points, scalars);
  return sum === undefined ? secp256k1.Point.ZERO : fromUncompressed(sum);
}

function holds({ points, scalars, equals }: Equation): boolean {
  const sum = addedUnsafe(points, scalars);
  return sum !== undefined && fromUncompressed(sum).equals(equals);
}

function verifyUnsafe(signature: Uint8Array, message: Uint8Array, key: Point): boolean {
  try {
    return bindings.ecdsaVerify(signature, sha256(message), key.toBytes(false));
  } catch {
    return false; // r or s out of range
  }
}
