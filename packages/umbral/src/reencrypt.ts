import { type Capsule, capsuleToSimpleBytes } from './capsule.ts';
import { type CFrag, cfragChallenge } from './cfrag.ts';
import { backend } from './current-backend.ts';
import { Fn, scalarToBytes } from './curve.ts';
import type { VerifiedKFrag } from './kfrag.ts';
import { U } from './parameters.ts';
import { hedgedScalar } from './random-scalar.ts';

/**
 * What a proxy does: turns a capsule of the delegating key into one share for the receiver, and proves it. The proxy
 * learns nothing about the key inside. Whether this receiver may have *this* capsule is for the caller to decide first.
 */
export function reencrypt(capsule: Capsule, kfrag: VerifiedKFrag): CFrag {
  const { E, V } = capsule;
  const { id, key, precursor, commitment } = kfrag;
  const curve = backend();
  const tau = hedgedScalar('reencryption-proof', scalarToBytes(key), id, capsuleToSimpleBytes(capsule));
  const [E1, E2] = curve.multiplyPair(E, key, tau);
  const [V1, V2] = curve.multiplyPair(V, key, tau);
  const U2 = curve.multiply(U, tau);
  const z = Fn.add(tau, Fn.mul(cfragChallenge(capsule, { E1, V1, E2, V2, commitment, U2 }), key));
  return { E1, V1, id, precursor, proof: { E2, V2, commitment, U2, z, signature: kfrag.signatureForReceiver } };
}
