import { equalBytes } from '@noble/curves/utils.js';
import { backend } from './current-backend.ts';
import { UmbralError } from './errors.ts';
import type { PublicKey } from './keys.ts';
import { type KFrag, type SignedKeys, signedMessage, type VerifiedKFrag } from './kfrag.ts';
import { U } from './parameters.ts';
import { isSignedBy, type VerifyingKey } from './signer.ts';

export interface KFragKeys {
  readonly verifyingKey: VerifyingKey;
  /** Must be given exactly if the fragment signs it (`kfrag.delegatingKeySigned`). */
  readonly delegatingKey?: PublicKey | undefined;
  /** Must be given exactly if the fragment signs it (`kfrag.receivingKeySigned`). */
  readonly receivingKey?: PublicKey | undefined;
}

/**
 * What a proxy checks before it keeps or uses a key fragment: that the signer made it, for the keys given. Every key
 * given must be signed, so a fragment with a key left out never passes for one that binds it.
 *
 * Not checked, because only the receiver can: that it lies on the same polynomial as the other fragments.
 *
 * @throws UmbralError `INVALID_KFRAG`
 */
export function verifyKFrag(kfrag: KFrag, keys: KFragKeys): VerifiedKFrag {
  const { verifyingKey } = keys;
  const signed: SignedKeys = { delegatingKey: keys.delegatingKey, receivingKey: keys.receivingKey };
  requireSameKeys(kfrag.delegatingKeySigned, signed.delegatingKey, 'delegating key');
  requireSameKeys(kfrag.receivingKeySigned, signed.receivingKey, 'receiving key');
  if (!backend().multiply(U, kfrag.key).equals(kfrag.commitment)) {
    throw new UmbralError('INVALID_KFRAG', 'the key fragment does not match its commitment');
  }
  const message = signedMessage(kfrag, signed);
  if (!isSignedBy(verifyingKey, message, kfrag.signatureForProxy)) {
    throw new UmbralError('INVALID_KFRAG', 'the key fragment is not signed by this signer for these keys');
  }
  // The receiver will check the second signature; with both keys at hand a bad one is found before it costs a round trip.
  const bothSigned = kfrag.delegatingKeySigned && kfrag.receivingKeySigned;
  const different = !equalBytes(kfrag.signatureForProxy, kfrag.signatureForReceiver);
  if (bothSigned && different && !isSignedBy(verifyingKey, message, kfrag.signatureForReceiver)) {
    throw new UmbralError('INVALID_KFRAG', 'the signature for the receiver does not hold');
  }
  return { ...kfrag, verified: true };
}

function requireSameKeys(signed: boolean, key: PublicKey | undefined, name: string): void {
  if (signed === (key !== undefined)) return;
  throw new UmbralError('INVALID_KFRAG', `the ${name} is ${signed ? 'signed but was not given' : 'not signed'}`);
}
