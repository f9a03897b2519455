import { concatBytes } from '@noble/hashes/utils.js';
import { backend } from './current-backend.ts';
import { Fn, G, type Point, scalarToBytes } from './curve.ts';
import { UmbralError } from './errors.ts';
import { hashToScalar } from './hash-to-scalar.ts';

/**
 * Encapsulated key: E = rG, V = uG, s = u + h r with h hashed from E and V (Umbral paper, section 3). Those who are
 * handed one by this package may rely on s G = V + h E; it shows that whoever made the capsule knew r.
 */
export interface Capsule {
  readonly E: Point;
  readonly V: Point;
  readonly s: bigint;
}

/** h of a capsule. */
export function capsuleChallenge(E: Point, V: Point): bigint {
  return hashToScalar('CAPSULE_POINTS', E.toBytes(), V.toBytes());
}

/** The capsule's fields without framing, 98 bytes: what Umbral authenticates beside the ciphertext. */
export function capsuleToSimpleBytes(capsule: Capsule): Uint8Array {
  return concatBytes(capsule.E.toBytes(), capsule.V.toBytes(), scalarToBytes(capsule.s));
}

/** Returns the capsule of these fields if it is one. Throws `INVALID_CAPSULE`. */
export function checkedCapsule(E: Point, V: Point, s: bigint): Capsule {
  const fromE = Fn.neg(capsuleChallenge(E, V));
  const consistent = backend().holdUnsafe([{ points: [G, E], scalars: [s, fromE], equals: V }]);
  // The identity as E + V would encapsulate a key that everybody knows.
  if (!consistent || E.equals(V.negate())) {
    throw new UmbralError('INVALID_CAPSULE', 'the parts of the capsule do not belong together');
  }
  return { E, V, s };
}
