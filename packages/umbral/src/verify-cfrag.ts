import type { Capsule } from './capsule.ts';
import { type CFrag, cfragChallenge, type VerifiedCFrag } from './cfrag.ts';
import { backend } from './current-backend.ts';
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
  return verifyCFragWith(cfrag, capsule, keys, (message, signature) =>
    isSignedBy(keys.verifyingKey, message, signature),
  );
}

/** `verifyCFrag` with the check of the signature left to `isSigned`, which may remember what it has seen. */
export function verifyCFragWith(
  cfrag: CFrag,
  capsule: Capsule,
  keys: Omit<CFragKeys, 'verifyingKey'>,
  isSigned: (message: Uint8Array, signature: Uint8Array) => boolean,
): VerifiedCFrag {
  const { id, precursor, E1, V1, proof } = cfrag;
  const { E2, V2, commitment, U2, z, signature } = proof;
  if (!isSigned(signedMessage({ id, precursor, commitment }, keys), signature)) {
    throw new UmbralError('INVALID_CFRAG', 'its key fragment is not signed by this signer for these keys');
  }
  const negated = Fn.neg(cfragChallenge(capsule, { E1, V1, E2, V2, commitment, U2 }));
  const proves = (base: Point, image: Point, nonce: Point) => ({
    points: [base, image],
    scalars: [z, negated],
    equals: nonce,
  });
  const equations = [proves(capsule.E, E1, E2), proves(capsule.V, V1, V2), proves(U, commitment, U2)];
  if (!backend().holdUnsafe(equations)) {
    throw new UmbralError('INVALID_CFRAG', 'the capsule fragment was not made from this capsule and its key fragment');
  }
  return { ...cfrag, verified: true };
}
