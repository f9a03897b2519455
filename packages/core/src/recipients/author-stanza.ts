import type { PublicKey, SecretKey } from '@medseal/umbral';
import { type ReceivingKeyStanza, unwrapWithReceivingKey, wrapForReceivingKey } from './receiving-key-stanza.ts';
import type { Stanza, StanzaContext } from './stanza.ts';

/** Type of the stanza with which an author can open what he sealed, where the patient's ticket says that he may. */
export const AUTHOR_STANZA = 2;

const kind: ReceivingKeyStanza = { type: AUTHOR_STANZA, tag: 'medseal author stanza v1' };

/** Wraps a data key for the author's receiving key, bound to the record. */
export function makeAuthorStanza(
  dataKey: Uint8Array,
  receivingPublicKey: PublicKey,
  context: StanzaContext,
): Promise<Stanza> {
  return wrapForReceivingKey(kind, dataKey, receivingPublicKey, context);
}

/**
 * The data key, for the author.
 *
 * @throws DecryptionError, whatever is wrong.
 */
export function openAuthorStanza(
  receivingSecret: SecretKey,
  stanza: Stanza,
  context: StanzaContext,
): Promise<Uint8Array> {
  return unwrapWithReceivingKey(kind, receivingSecret, stanza, context);
}
