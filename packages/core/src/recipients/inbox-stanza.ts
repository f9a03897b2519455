import type { PublicKey, SecretKey } from '@medseal/umbral';
import type { Identity, Recipient } from '../ports/recipient.ts';
import { receivingKeyIdentity, receivingKeyRecipient, type ReceivingKeyStanza } from './receiving-key-stanza.ts';
import type { StanzaContext } from './stanza.ts';

/**
 * Type of the stanza to the patient's receiving key, for authors who have no ticket of hers. No proxy can re-encrypt
 * it: the record lies in her inbox, for her alone, until she seals it again into a compartment.
 */
export const INBOX_STANZA = 3;

const kind: ReceivingKeyStanza = { type: INBOX_STANZA, tag: 'medseal inbox stanza v1' };

/** Wraps data keys for the patient, bound to the record. */
export function inboxRecipient(receivingPublicKey: PublicKey): Recipient<StanzaContext> {
  return receivingKeyRecipient(kind, receivingPublicKey);
}

/** Opens them, for the patient. */
export function inboxIdentity(receivingSecret: SecretKey): Identity<StanzaContext> {
  return receivingKeyIdentity(kind, receivingSecret);
}
