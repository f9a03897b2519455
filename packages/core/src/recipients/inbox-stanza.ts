import type { PublicKey, SecretKey } from '@medseal/umbral';
import { type ReceivingKeyStanza, unwrapWithReceivingKey, wrapForReceivingKey } from './receiving-key-stanza.ts';
import type { Stanza, StanzaContext } from './stanza.ts';

/**
 * Type of the stanza to the patient's receiving key, for authors who have no ticket of hers. No proxy can re-encrypt
 * it: the record lies in her inbox, for her alone, until she seals it again into a compartment.
 */
export const INBOX_STANZA = 3;

const kind: ReceivingKeyStanza = { type: INBOX_STANZA, tag: 'medseal inbox stanza v1' };

/** Wraps a data key for the patient's receiving key, bound to the record. */
export function makeInboxStanza(
  dataKey: Uint8Array,
  receivingPublicKey: PublicKey,
  context: StanzaContext,
): Promise<Stanza> {
  return wrapForReceivingKey(kind, dataKey, receivingPublicKey, context);
}

/**
 * The data key, for the patient.
 *
 * @throws DecryptionError, whatever is wrong.
 */
export function openInboxStanza(
  receivingSecret: SecretKey,
  stanza: Stanza,
  context: StanzaContext,
): Promise<Uint8Array> {
  return unwrapWithReceivingKey(kind, receivingSecret, stanza, context);
}
