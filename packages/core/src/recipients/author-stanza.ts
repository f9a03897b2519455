import type { PublicKey, SecretKey } from '@medseal/umbral';
import type { Identity, Recipient } from '../ports/recipient.ts';
import { receivingKeyIdentity, receivingKeyRecipient, type ReceivingKeyStanza } from './receiving-key-stanza.ts';
import type { StanzaContext } from './stanza.ts';

/** Type of the stanza with which an author can open what he sealed, where the patient's ticket says that he may. */
export const AUTHOR_STANZA = 2;

const kind: ReceivingKeyStanza = { type: AUTHOR_STANZA, tag: 'medseal author stanza v1' };

/** Wraps data keys for the author, bound to the record. */
export function authorRecipient(receivingPublicKey: PublicKey): Recipient<StanzaContext> {
  return receivingKeyRecipient(kind, receivingPublicKey);
}

/** Opens them, for the author. */
export function authorIdentity(receivingSecret: SecretKey): Identity<StanzaContext> {
  return receivingKeyIdentity(kind, receivingSecret);
}
