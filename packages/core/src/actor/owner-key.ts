import { decapsulateOriginal } from '@medseal/umbral';
import { RejectedError } from '../errors/rejected-error.ts';
import { delegatingKey } from '../keys/compartment.ts';
import { INBOX_STANZA, inboxIdentity } from '../recipients/inbox-stanza.ts';
import { stanzaOf } from '../recipients/stanza.ts';
import { UMBRAL_STANZA, unwrapWith } from '../recipients/umbral-stanza.ts';
import type { Header } from '../seal/header.ts';
import { verifyDeposit } from '../seal/verify-deposit.ts';
import type { RecordView } from '../view/facts.ts';
import type { Actor } from './actor.ts';

/**
 * The data key of a record, for its owner, with her own keys alone: from her inbox, or by the compartment's key.
 *
 * @throws RejectedError NO_TICKET or BAD_STANZA, DecryptionError.
 */
export async function dataKeyOfOwner(
  { keys, network }: Actor,
  header: Header,
  record: RecordView,
): Promise<Uint8Array> {
  const inbox = stanzaOf(header.stanzas, INBOX_STANZA);
  if (inbox !== undefined) return inboxIdentity(keys.receivingSecret).unwrap(inbox, header);
  const { domain } = network.ledger.genesis;
  const { capsule } = verifyDeposit(header, { domain, time: record.time });
  const stanza = stanzaOf(header.stanzas, UMBRAL_STANZA);
  if (stanza === undefined) throw new RejectedError('BAD_STANZA');
  return unwrapWith(decapsulateOriginal(delegatingKey(keys, header), capsule), stanza, header);
}
