import type { PublicKey, SecretKey } from '@medseal/umbral';
import { DecryptionError } from '../errors/decryption-error.ts';
import type { Identity, Recipient } from '../ports/recipient.ts';
import { openBox, sealTo } from './participant-box.ts';
import { DATA_KEY_BYTES, recordContext, requireDataKey, type StanzaContext } from './stanza.ts';

/** Length of a stanza to a receiving key: a participant box with the data key in it. */
export const RECEIVING_KEY_STANZA_BYTES: number = 1 + 98 + DATA_KEY_BYTES + 16;

/** A type of stanza that one participant opens with his receiving key. Holders never act on it. */
export interface ReceivingKeyStanza {
  readonly type: number;
  /** Another one for every type: what was made as one opens as no other. */
  readonly tag: string;
}

export function receivingKeyRecipient(
  { type, tag }: ReceivingKeyStanza,
  receivingPublicKey: PublicKey,
): Recipient<StanzaContext> {
  return {
    type,
    async wrap(dataKey, context) {
      requireDataKey(dataKey);
      return { type, bytes: await sealTo(receivingPublicKey, dataKey, recordContext(tag, context)) };
    },
  };
}

export function receivingKeyIdentity(
  { type, tag }: ReceivingKeyStanza,
  receivingSecret: SecretKey,
): Identity<StanzaContext> {
  return {
    type,
    async unwrap(stanza, context) {
      const fits = stanza.type === type && stanza.bytes.length === RECEIVING_KEY_STANZA_BYTES;
      if (!fits) throw new DecryptionError();
      return openBox(receivingSecret, stanza.bytes, recordContext(tag, context));
    },
  };
}
