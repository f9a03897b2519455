import { equalBytes } from '@noble/curves/utils.js';
import { type Capsule, capsuleChallenge } from './capsule.ts';
import { capsuleKey } from './capsule-key.ts';
import type { VerifiedCFrag } from './cfrag.ts';
import { backend } from './current-backend.ts';
import { Fn, type Point } from './curve.ts';
import { decryptionFailed, UmbralError } from './errors.ts';
import { type PublicKey, publicKeyOf, type SecretKey } from './keys.ts';
import { type OpeningFactors, openingFactors } from './opening-factors.ts';

/**
 * The key of a capsule, for the receiver, from the fragments of at least `threshold` proxies, in any order. More than
 * that do no harm; a fragment received twice counts once. `receiverOf` does the same quicker for many capsules.
 *
 * @throws UmbralError `NOT_ENOUGH_FRAGMENTS` for an empty list; `DECRYPTION_FAILED` if the fragments do not add up: too
 * few, of different delegations, for another receiver, delegating key or capsule
 */
export function decapsulateReencrypted(
  receivingSecret: SecretKey,
  delegatingKey: PublicKey,
  capsule: Capsule,
  cfrags: readonly VerifiedCFrag[],
): Uint8Array {
  return decapsulateWith(delegatingKey.point, capsule, cfrags, (precursor) =>
    openingFactors(receivingSecret, publicKeyOf(receivingSecret).point, precursor),
  );
}

/** `decapsulateReencrypted` with the factors of a delegation from `factorsOf`, which may remember them. */
export function decapsulateWith(
  delegatingKey: Point,
  capsule: Capsule,
  cfrags: readonly VerifiedCFrag[],
  factorsOf: (precursor: Point) => OpeningFactors,
): Uint8Array {
  const fragments = distinct(cfrags);
  const [first] = fragments;
  if (first === undefined) throw new UmbralError('NOT_ENOUGH_FRAGMENTS', 'no capsule fragment was given');
  const { precursor } = first;
  if (!fragments.every((cfrag) => cfrag.precursor.equals(precursor))) throw decryptionFailed();

  const factors = factorsOf(precursor);
  const curve = backend();
  const weights = factors.weightsOf(fragments.map(({ id }) => id));
  const E1s = fragments.map(({ E1 }) => E1);
  const V1s = fragments.map(({ V1 }) => V1);
  const E = curve.sumOfProductsUnsafe(E1s, weights);
  const V = curve.sumOfProductsUnsafe(V1s, weights);
  if (E.is0() || V.is0()) throw decryptionFailed();
  const sum = curve.sumOfProductsUnsafe([E, V], [1n, 1n]);
  const weighted = curve.sumOfProductsUnsafe([E, V], [capsuleChallenge(capsule.E, capsule.V), 1n]);
  if (sum.is0()) throw decryptionFailed();
  // (s/d) A = h E' + V': the capsule's own equation, times a/d. It holds only for the right fragments and keys.
  if (!curve.multiply(delegatingKey, Fn.mul(capsule.s, factors.inverse)).equals(weighted)) throw decryptionFailed();
  return capsuleKey(curve.multiply(sum, factors.d));
}

function distinct(cfrags: readonly VerifiedCFrag[]): VerifiedCFrag[] {
  return cfrags.filter((cfrag, at) => cfrags.findIndex((other) => equalBytes(other.id, cfrag.id)) === at);
}
