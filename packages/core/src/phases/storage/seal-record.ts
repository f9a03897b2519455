import type { Address, Hex } from '@medseal/protocol';
import { publicKeyOf } from '@medseal/umbral';
import type { Actor } from '../../actor/actor.ts';
import { findTicket } from '../../actor/find-ticket.ts';
import { submitAs, type SubmitOptions } from '../../actor/submit-command.ts';
import { RejectedError } from '../../errors/rejected-error.ts';
import { compartmentTag, delegatingKey } from '../../keys/compartment.ts';
import { FIRST_EPOCH } from '../../keys/epoch.ts';
import type { Content } from '../../lib/byte-stream.ts';
import type { Receipt } from '../../ports/ledger.ts';
import { type DataClass, levelOf } from '../../seal/data-class.ts';
import { sealContent, type SealedContent } from '../../seal/seal-content.ts';
import { issueTicket, type Ticket } from '../../seal/ticket.ts';

export interface SealRecordParameters {
  /** Whose record it is. A patient may seal for herself. */
  readonly patient: Address;
  /** Name of the compartment, as in the patient's ticket. */
  readonly compartment: string;
  readonly dataClass: DataClass;
  readonly content: Content;
  readonly mediaType: string;
  /** When the data was measured or written; now by default. */
  readonly measuredAt?: Date | undefined;
}

export interface SealRecordOptions extends SubmitOptions {
  /** Called with the number of plaintext bytes sealed so far. */
  readonly onProgress?: (bytes: number) => void;
}

export interface SealedRecord {
  readonly id: Hex;
  readonly headerDigest: Hex;
  readonly receipt: Receipt;
}

/**
 * Seals a record for a patient under a fresh data key: payload to the store, header to the directory, then its anchor to
 * the ledger. If the ledger refuses, payload and header are removed again.
 *
 * @throws RejectedError NO_TICKET without a ticket of the patient; ROLE_NOT_ALLOWED, UNKNOWN_PARTICIPANT … of the ledger.
 */
export async function sealRecord(
  author: Actor,
  parameters: SealRecordParameters,
  options: SealRecordOptions = {},
): Promise<SealedRecord> {
  const { network } = author;
  const { patient, content, mediaType, measuredAt } = parameters;
  const { bytes, ticket } = await depositTicket(author, parameters, options);
  const { compartment, level, epoch } = ticket;
  const { signal, onProgress } = options;
  const sealed = await sealContent({
    domain: network.ledger.genesis.domain,
    owner: patient,
    author: author.id,
    compartment,
    level,
    epoch,
    content,
    mediaType,
    measuredAt: measuredAt === undefined ? network.now() : Math.floor(measuredAt.getTime() / 1e3),
    store: network.store,
    deposit: {
      ticket: bytes,
      time: network.now(),
    },
    ...(signal && { signal }),
    ...(onProgress && { onProgress }),
  });
  try {
    await network.directory.put('header', sealed.recordId, sealed.header, options);
    const receipt = await anchor(author, ticket, sealed, options);
    return { id: sealed.recordId, headerDigest: sealed.headerDigest, receipt };
  } catch (error) {
    // Only a refusal is certain: after an outage the anchor may yet appear, and it must find its header.
    if (error instanceof RejectedError) await discard(author, sealed);
    throw error;
  }
}

/** The author's ticket; a patient who seals for herself signs her own. */
async function depositTicket(
  author: Actor,
  { patient, compartment: name, dataClass }: SealRecordParameters,
  options: SubmitOptions,
): Promise<{ readonly bytes: Uint8Array; readonly ticket: Ticket }> {
  const { network, keys } = author;
  const level = levelOf(dataClass);
  const time = network.now();
  if (patient !== author.id) return findTicket(author, { patient, compartment: name, level, time }, options);
  const label = { compartment: compartmentTag(keys, name), level, epoch: FIRST_EPOCH };
  const ticket: Ticket = {
    domain: network.ledger.genesis.domain,
    patient,
    author: author.id,
    ...label,
    delegatingPublicKey: publicKeyOf(delegatingKey(keys, label)),
    until: time + OWN_TICKET_VALIDITY,
  };
  return { bytes: await issueTicket(ticket, keys.signer), ticket };
}

/** Seconds that a patient's ticket to herself lasts: longer than any ledger takes to commit. */
const OWN_TICKET_VALIDITY = 86_400;

function anchor(author: Actor, ticket: Ticket, sealed: SealedContent, options: SubmitOptions): Promise<Receipt> {
  const { patient: owner, compartment, epoch, level } = ticket;
  const { payloadDigest, headerDigest, contentCommitment: content, salt } = sealed;
  const digests = { payloadDigest, headerDigest, content, salt };
  return submitAs(author, { type: 'anchorRecord', owner, compartment, epoch, level, ...digests }, options);
}

async function discard({ network }: Actor, { recordId, blob }: SealedContent): Promise<void> {
  await Promise.allSettled([network.directory.delete('header', recordId), network.store.delete(blob)]);
}
