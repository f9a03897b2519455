import type { Point } from './curve.ts';
import { hashToScalar } from './hash-to-scalar.ts';

/** What delegating and receiving party share: X = xG, the receiver's key B, and x B = b X. */
export interface SharedSecret {
  readonly precursor: Point;
  readonly receivingKey: Point;
  readonly dh: Point;
}

/** d: the factor between the delegating key and the key that the fragments add up to. */
export function sharedFactor({ precursor, receivingKey, dh }: SharedSecret): bigint {
  return hashToScalar('SHARED_SECRET', precursor.toBytes(), receivingKey.toBytes(), dh.toBytes());
}

/** Where on the polynomial the fragment of this id lies. */
export function fragmentIndex({ precursor, receivingKey, dh }: SharedSecret, id: Uint8Array): bigint {
  return hashToScalar('POLYNOMIAL_ARG', precursor.toBytes(), receivingKey.toBytes(), dh.toBytes(), id);
}
