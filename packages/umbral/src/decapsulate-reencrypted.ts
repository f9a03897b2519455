import { equalBytes } from '@noble/curves/utils.js';
import { type Capsule, capsuleChallenge } from './capsule.ts';
import { capsuleKey } from './capsule-key.ts';
import type { VerifiedCFrag } from './cfrag.ts';
import { Fn, G, sumOfProductsUnsafe } from './curve.ts';
import { decryptionFailed, UmbralError } from './errors.ts';
import type { PublicKey, SecretKey } from './keys.ts';
import { fragmentIndex, sharedFactor } from './shared-secret.ts';

/**
 * The key of a capsule, for the receiver, from the fragments of at least `threshold` proxies, in any order. More than
 * that do no harm; a fragment received twice counts once.
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
  const fragments = distinct(cfrags);
  const [first] = fragments;
  if (first === undefined) throw new UmbralError('NOT_ENOUGH_FRAGMENTS', 'no capsule fragment was given');
  const { precursor } = first;
  if (!fragments.every((cfrag) => cfrag.precursor.equals(precursor))) throw decryptionFailed();

  const receivingKey = G.multiply(receivingSecret.scalar);
  const shared = { precursor, receivingKey, dh: precursor.multiply(receivingSecret.scalar) };
  // Only d must stay secret. Where the fragments lie, like the x of any Shamir share, tells nothing about it.
  const weights = lagrangeAtZero(fragments.map((cfrag) => fragmentIndex(shared, cfrag.id)));
  const E = sumOfProductsUnsafe(
    fragments.map((cfrag) => cfrag.E1),
    weights,
  );
  const V = sumOfProductsUnsafe(
    fragments.map((cfrag) => cfrag.V1),
    weights,
  );

  const sum = E.add(V);
  const weighted = E.mulAddUnsafe(capsuleChallenge(capsule.E, capsule.V), V, 1n);
  if (sum.is0() || weighted.is0()) throw decryptionFailed();
  // s A = d (h E' + V'): the capsule's own equation, times a. It holds only for the right fragments and keys.
  const d = sharedFactor(shared);
  if (!delegatingKey.point.multiplyUnsafe(capsule.s).equals(weighted.multiply(d))) throw decryptionFailed();
  return capsuleKey(sum.multiply(d));
}

function distinct(cfrags: readonly VerifiedCFrag[]): VerifiedCFrag[] {
  return cfrags.filter((cfrag, at) => cfrags.findIndex((other) => equalBytes(other.id, cfrag.id)) === at);
}

/** Weights that give the value at 0 of a polynomial from its values at these places, which differ. */
function lagrangeAtZero(places: readonly bigint[]): bigint[] {
  return places.map((place) => {
    const others = places.filter((other) => other !== place);
    const numerator = others.reduce((product, other) => Fn.mul(product, other), 1n);
    const denominator = others.reduce((product, other) => Fn.mul(product, Fn.sub(other, place)), 1n);
    return Fn.div(numerator, denominator);
  });
}
