import type { Address } from '@medseal/protocol';
import type { Actor } from '../../actor/actor.ts';
import { depositOnce } from '../../actor/deposit-once.ts';
import {
  type DepositOptions,
  depositRecord,
  type Destination,
  destinationOf,
  type SealedRecord,
} from '../../actor/deposit-record.ts';
import { findKeyDocument } from '../../actor/find-key-document.ts';
import { findTicket } from '../../actor/find-ticket.ts';
import { ownTicket } from '../../actor/own-ticket.ts';
import { compartmentTag } from '../../keys/compartment.ts';
import type { Content } from '../../lib/byte-stream.ts';
import { type DataClass, levelOf } from '../../seal/data-class.ts';
import { NO_COMPARTMENT, NO_EPOCH } from '../../seal/inbox.ts';

export interface SealRecordParameters {
  /** Whose record it is. A patient may seal for herself. */
  readonly patient: Address;
  /** Name of the compartment, as in the patient's ticket. */
  readonly compartment?: string | undefined;
  /**
   * Without a ticket: into the patient's inbox, sealed to her receiving key. No proxy can re-encrypt it; it waits until
   * she files it into a compartment.
   */
  readonly inbox?: boolean | undefined;
  readonly dataClass: DataClass;
  readonly content: Content;
  readonly mediaType: string;
  /** When the data was measured or written; now by default. */
  readonly measuredAt?: Date | undefined;
}

export interface SealRecordOptions extends DepositOptions {
  /**
   * Where this author has already made a record of the same content for this patient, in the same compartment and level,
   * and it stands in the present epoch, give that one back and make none. Media type and a stated `measuredAt` count as
   * content. The store is not told which payloads are equal, and nobody can find out what an author has written; the
   * directory sees when he asks for a tag a second time. Not by default.
   */
  readonly deduplicate?: boolean | undefined;
}

/**
 * Seals a record for a patient under a fresh data key: payload to the store, header to the directory, then its anchor to
 * the ledger. If the ledger refuses, payload and header are removed again.
 *
 * @throws RejectedError NO_TICKET without a ticket of the patient (see `inbox`); STALE_EPOCH when a revocation came
 *   first: ask for a new ticket; ROLE_NOT_ALLOWED, UNKNOWN_PARTICIPANT … of the ledger.
 */
export async function sealRecord(
  author: Actor,
  parameters: SealRecordParameters,
  { deduplicate = false, ...options }: SealRecordOptions = {},
): Promise<SealedRecord> {
  const { content, mediaType, measuredAt } = parameters;
  const destination = await findDestination(author, parameters, options);
  const time = measuredAt === undefined ? author.network.now() : Math.floor(measuredAt.getTime() / 1000);
  const deposit = { destination, content, mediaType, measuredAt: time };
  if (deduplicate) return depositOnce(author, { ...deposit, measuredAtStated: measuredAt !== undefined }, options);
  return depositRecord(author, deposit, options);
}

async function findDestination(
  author: Actor,
  { patient, compartment: name, dataClass, inbox = false }: SealRecordParameters,
  options: DepositOptions,
): Promise<Destination> {
  const { network, keys, id } = author;
  const level = levelOf(dataClass);
  await network.view.sync(options);
  if (inbox) {
    const { receivingPublicKey } = await findKeyDocument(network, patient, options);
    return { patient, compartment: NO_COMPARTMENT, level, epoch: NO_EPOCH, right: { inbox: receivingPublicKey } };
  }
  if (name === undefined) throw new TypeError('A record that does not go to the inbox needs a compartment');
  if (patient !== id) {
    const wanted = { patient, compartment: name, level, time: network.now() };
    return destinationOf(author, await findTicket(author, wanted, options));
  }
  const compartment = compartmentTag(keys, name);
  const label = { compartment, level, epoch: network.view.epoch(id, compartment) };
  return destinationOf(author, await ownTicket(author, label));
}
