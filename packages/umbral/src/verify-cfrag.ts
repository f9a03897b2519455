import type { Capsule } from './capsule.ts';
import { type CFrag, cfragChallenge, type VerifiedCFrag } from './cfrag.ts';
import { Fn, type Point } from './curve.ts';
import { UmbralError } from './errors.ts';
import type { PublicKey } from './keys.ts';
import { signedMessage } from './kfrag.ts';
import { U } from './parameters.ts';
import { isSignedBy, type VerifyingKey } from './signer.ts';

export interface CFragKeys {
  readonly verifyingKey: VerifyingKey;
  readonly delegatingKey: PublicKey;
  readonly receivingKey: PublicKey;
}

/**
 * What a receiver checks before using a capsule fragment: that it was made from this very capsule with a key fragment
 * that the signer made for these two keys. Anybody with the public keys can check it, so a cheating proxy is provable.
 *
 * @throws UmbralError `INVALID_CFRAG`
 */
export function verifyCFrag(cfrag: CFrag, capsule: Capsule, keys: CFragKeys): VerifiedCFrag {
  const { id, precursor, E1, V1, proof } = cfrag;
  const { E2, V2, commitment, U2, z, signature } = proof;
  if (!isSignedBy(keys.verifyingKey, signedMessage({ id, precursor, commitment }, keys), signature)) {
    throw new UmbralError('INVALID_CFRAG', 'its key fragment is not signed by this signer for these keys');
  }
  const negated = Fn.neg(cfragChallenge(capsule, { E1, V1, E2, V2, commitment, U2 }));
  const holds = (base: Point, image: Point, nonce: Point): boolean =>
    base.mulAddUnsafe(z, image, negated).equals(nonce);
  if (!holds(capsule.E, E1, E2) || !holds(capsule.V, V1, V2) || !holds(U, commitment, U2)) {
    throw new UmbralError('INVALID_CFRAG', 'the capsule fragment was not made from this capsule and its key fragment');
  }
  return { ...cfrag, verified: true };
}
