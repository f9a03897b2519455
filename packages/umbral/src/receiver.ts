import { bytesToHex, concatBytes } from '@noble/hashes/utils.js';
import type { Capsule } from './capsule.ts';
import type { CFrag, VerifiedCFrag } from './cfrag.ts';
import { backend } from './current-backend.ts';
import type { Point } from './curve.ts';
import { decapsulateWith } from './decapsulate-reencrypted.ts';
import { openCiphertext } from './decrypt.ts';
import { type PublicKey, publicKeyOf, type SecretKey } from './keys.ts';
import { type OpeningFactors, openingFactors } from './opening-factors.ts';
import { isSignedBy, type VerifyingKey } from './signer.ts';
import { verifyCFragWith } from './verify-cfrag.ts';

export interface ReceiverKeys {
  readonly receivingSecret: SecretKey;
  readonly delegatingKey: PublicKey;
  readonly verifyingKey: VerifyingKey;
}

/** The receiving end of a delegation. Drop it with the delegation: it holds what only the receiver may know. */
export interface Receiver {
  /** As the function `verifyCFrag`. */
  verifyCFrag(cfrag: CFrag, capsule: Capsule): VerifiedCFrag;
  /** As `decapsulateReencrypted`. */
  decapsulate(capsule: Capsule, cfrags: readonly VerifiedCFrag[]): Uint8Array;
  /** As `decryptReencrypted`. */
  decrypt(capsule: Capsule, cfrags: readonly VerifiedCFrag[], ciphertext: Uint8Array): Uint8Array;
}

/** Signatures remembered: more than there are proxies in any delegation. */
const MAX_SIGNATURES = 256;

/**
 * A receiver who opens many capsules of one delegation: what depends only on the delegation (the shared secret, the
 * weights of the fragments, the signatures seen) is computed once. Every check of the functions is made all the same.
 */
export function receiverOf({ receivingSecret, delegatingKey, verifyingKey }: ReceiverKeys): Receiver {
  const receivingKey = publicKeyOf(receivingSecret);
  const delegating = backend().prepare(delegatingKey.point);
  const signed = new Set<string>();
  let latest: { readonly precursor: Point; readonly factors: OpeningFactors } | undefined;

  const isSigned = (message: Uint8Array, signature: Uint8Array): boolean => {
    const seen = bytesToHex(concatBytes(signature, message));
    if (signed.has(seen)) return true;
    if (!isSignedBy(verifyingKey, message, signature)) return false;
    if (signed.size >= MAX_SIGNATURES) signed.clear();
    signed.add(seen);
    return true;
  };
  const factorsOf = (precursor: Point): OpeningFactors => {
    if (latest === undefined || !latest.precursor.equals(precursor))
      latest = { precursor, factors: openingFactors(receivingSecret, receivingKey.point, precursor) };
    return latest.factors;
  };
  const decapsulate = (capsule: Capsule, cfrags: readonly VerifiedCFrag[]): Uint8Array =>
    decapsulateWith(delegating, capsule, cfrags, factorsOf);

  return {
    verifyCFrag: (cfrag, capsule) => verifyCFragWith(cfrag, capsule, { delegatingKey, receivingKey }, isSigned),
    decapsulate,
    decrypt: (capsule, cfrags, ciphertext) => openCiphertext(decapsulate(capsule, cfrags), capsule, ciphertext),
  };
}
