import { concat } from '@medseal/protocol';
import {
  type Capsule,
  CAPSULE_PROOF_BYTES,
  capsuleFromSimpleBytes,
  capsuleToSimpleBytes,
  encapsulate,
  type PublicKey,
  verifyCapsuleProof,
} from '@medseal/umbral';
import { DecryptionError } from '../errors/decryption-error.ts';
import { MalformedObjectError } from '../errors/malformed-object-error.ts';
import { RejectedError } from '../errors/rejected-error.ts';
import { openOnce, sealOnce } from '../lib/aead.ts';
import { readObject } from '../lib/byte-reader.ts';
import { deriveKey } from '../lib/kdf.ts';
import { wipe } from '../lib/wipe.ts';
import type { Recipient } from '../ports/recipient.ts';
import { recordContext, requireDataKey, type Stanza, type StanzaContext, WRAPPED_BYTES } from './stanza.ts';

/** Type of the stanza that the patient opens, and proxies re-encrypt for her grantees. */
export const UMBRAL_STANZA = 1;

const TAG = 'medseal umbral stanza v1';
const CAPSULE_BYTES = 98;

/** Length of an Umbral stanza: capsule ‖ capsule proof ‖ wrapped data key. */
export const UMBRAL_STANZA_BYTES: number = CAPSULE_BYTES + CAPSULE_PROOF_BYTES + WRAPPED_BYTES;

/**
 * Wraps data keys for a compartment's delegating key. The capsule's proof and the wrapping key are both bound to the
 * context: neither capsule nor ciphertext is of use in another record. What opens the stanza is `unwrapWith`: the key of
 * its capsule comes from the patient's secret or from proxies.
 */
export function umbralRecipient(delegatingPublicKey: PublicKey): Recipient<StanzaContext> {
  return {
    type: UMBRAL_STANZA,
    async wrap(dataKey, context) {
      requireDataKey(dataKey);
      const bound = recordContext(TAG, context);
      const { capsule, key, proof } = encapsulate(delegatingPublicKey, { context: bound });
      const capsuleBytes = capsuleToSimpleBytes(capsule);
      const wrappingKey = deriveWrappingKey(key, capsuleBytes, bound);
      const wrapped = await sealOnce(wrappingKey, dataKey);
      wipe(key, wrappingKey);
      return { type: UMBRAL_STANZA, bytes: concat(capsuleBytes, proof, wrapped) };
    },
  };
}

/**
 * Checks that a stanza was made for this delegating key and context by somebody who knew its randomness. Proxies and
 * readers do this before they use the capsule: see `verifyCapsuleProof` of `@medseal/umbral`.
 *
 * @throws RejectedError BAD_STANZA
 */
export function verifyUmbralStanza(stanza: Stanza, delegatingPublicKey: PublicKey, context: StanzaContext): Capsule {
  const bound = recordContext(TAG, context);
  try {
    const { capsuleBytes, proof } = parseStanza(stanza);
    const capsule = capsuleFromSimpleBytes(capsuleBytes);
    verifyCapsuleProof(capsule, delegatingPublicKey, bound, proof);
    return capsule;
  } catch (cause) {
    throw new RejectedError('BAD_STANZA', { cause });
  }
}

/**
 * The data key, from the key of the stanza's capsule (`decapsulateOriginal` for the patient, `decapsulateReencrypted`
 * for a grantee).
 *
 * @throws DecryptionError, whatever is wrong.
 */
export async function unwrapWith(kemKey: Uint8Array, stanza: Stanza, context: StanzaContext): Promise<Uint8Array> {
  const bound = recordContext(TAG, context);
  try {
    const { capsuleBytes, wrapped } = parseStanza(stanza);
    const wrappingKey = deriveWrappingKey(kemKey, capsuleBytes, bound);
    return await openOnce(wrappingKey, wrapped).finally(() => wipe(wrappingKey));
  } catch {
    throw new DecryptionError();
  }
}

interface StanzaParts {
  readonly capsuleBytes: Uint8Array;
  readonly proof: Uint8Array;
  readonly wrapped: Uint8Array;
}

function parseStanza({ type, bytes }: Stanza): StanzaParts {
  if (type !== UMBRAL_STANZA) throw new MalformedObjectError('stanza', 'type', 'is not Umbral');
  return readObject(bytes, 'stanza', (next) => ({
    capsuleBytes: next.fixed(CAPSULE_BYTES, 'capsule'),
    proof: next.fixed(CAPSULE_PROOF_BYTES, 'proof'),
    wrapped: next.fixed(WRAPPED_BYTES, 'wrapped data key'),
  }));
}

function deriveWrappingKey(kemKey: Uint8Array, capsuleBytes: Uint8Array, bound: Uint8Array): Uint8Array {
  return deriveKey(kemKey, 'medseal data key wrapping v1', { info: concat(capsuleBytes, bound) });
}
