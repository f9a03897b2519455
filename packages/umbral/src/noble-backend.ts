import { mulAddUnsafe } from '@noble/curves/abstract/curve.js';
import { secp256k1 } from '@noble/curves/secp256k1.js';
import { bytesToNumberBE } from '@noble/curves/utils.js';
import { randomBytes } from '@noble/hashes/utils.js';
import type { Backend, Equation } from './backend.ts';
import { Fn, G, type Point } from './curve.ts';

const compactLowS = { prehash: true, lowS: true, format: 'compact' } as const;

/** Window of the tables of `prepare`: they pay from the second multiplication on. */
const PREPARED_WINDOW = 4;

/** `@noble/curves`: audited, pure JavaScript. Secret scalars are blinded. */
export const nobleBackend: Backend = {
  name: 'noble',
  decode: (bytes) => secp256k1.Point.fromBytes(bytes),
  multiplyBase: (scalar) => G.multiply(scalar),
  multiply: (point, scalar) => point.multiply(scalar),
  multiplyPair: (point, a, b) => [point.multiply(a), point.multiply(b)],
  // The table belongs to the object, so a copy keeps it from living as long as the caller's point.
  prepare: (point) => secp256k1.Point.fromAffine(point.toAffine()).precompute(PREPARED_WINDOW),
  sumOfProductsUnsafe,
  holdUnsafe,
  sign: (message, secret) => secp256k1.sign(message, secret, { ...compactLowS, extraEntropy: true }),
  // Uncompressed, because noble would take a square root to read the other form.
  verifyUnsafe: (signature, message, key) => secp256k1.verify(signature, message, key.toBytes(false), compactLowS),
};

function sumOfProductsUnsafe(points: readonly Point[], scalars: readonly bigint[]): Point {
  const alone = points.filter((_, i) => scalars[i] === 1n);
  const many = points.filter((_, i) => scalars[i] !== 1n);
  const factors = scalars.filter((scalar) => scalar !== 1n);
  return alone.reduce((sum, point) => sum.add(point), multiplyTogether(many, factors));
}

/** One or two products through noble's own methods, which halve the scalars by the endomorphism of this curve. */
function multiplyTogether(points: readonly Point[], scalars: readonly bigint[]): Point {
  const [first, second, third] = points;
  const [a, b] = scalars;
  if (first === undefined || a === undefined) return secp256k1.Point.ZERO;
  if (second === undefined || b === undefined) return first.multiplyUnsafe(a);
  if (third === undefined) return first.mulAddUnsafe(a, second, b);
  return mulAddUnsafe(secp256k1.Point, [...points], [...scalars]);
}

/**
 * All equations at once, each but the first times a random weight of 128 bits: if any is false, the sum holds with
 * chance 2^-128 at most. (The group has prime order, so no small subgroup hides a difference.)
 */
function holdUnsafe(equations: readonly Equation[]): boolean {
  const [first, ...others] = equations;
  if (first === undefined) return true;
  const points = [...first.points];
  const scalars = [...first.scalars];
  for (const equation of others) {
    const weight = bytesToNumberBE(randomBytes(16)) + 1n;
    points.push(...equation.points, equation.equals.negate());
    scalars.push(...equation.scalars.map((scalar) => Fn.mul(scalar, weight)), weight);
  }
  return sumOfProductsUnsafe(points, scalars).equals(first.equals);
}
