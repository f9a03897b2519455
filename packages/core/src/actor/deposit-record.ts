import type { Address, Hex, Level } from '@medseal/protocol';
import { publicKeyOf } from '@medseal/umbral';
import { RejectedError } from '../errors/rejected-error.ts';
import type { Content } from '../lib/byte-stream.ts';
import type { Receipt } from '../ports/ledger.ts';
import { type DepositRight, sealContent, type SealedContent } from '../seal/seal-content.ts';
import type { Ticket } from '../seal/ticket.ts';
import type { Actor } from './actor.ts';
import { submitAs, type SubmitOptions } from './submit-command.ts';

export interface UsableTicket {
  readonly bytes: Uint8Array;
  readonly ticket: Ticket;
}

/** Where a record goes, and by what right. */
export interface Destination {
  readonly patient: Address;
  /** Compartment tag. */
  readonly compartment: Hex;
  readonly level: Level;
  readonly epoch: number;
  readonly right: DepositRight;
}

export interface Deposit {
  readonly destination: Destination;
  readonly content: Content;
  readonly mediaType: string;
  /** Seconds since 1970. */
  readonly measuredAt: number;
  /** Makes the record id unique; random by default. */
  readonly salt?: Hex | undefined;
}

/** What a ticket leads to. Where it lets the author keep a stanza, he does. */
export function destinationOf(author: Actor, { bytes, ticket }: UsableTicket): Destination {
  const authorReceivingKey = ticket.authorKeeps === true ? publicKeyOf(author.keys.receivingSecret) : undefined;
  return { ...ticket, right: { ticket: bytes, time: author.network.now(), authorReceivingKey } };
}

export interface DepositOptions extends SubmitOptions {
  /** Told the plaintext bytes sealed so far. */
  readonly onProgress?: ((bytes: number) => void) | undefined;
}

export interface SealedRecord {
  readonly id: Hex;
  readonly headerDigest: Hex;
  readonly receipt: Receipt;
  /** The author had made this record of the same content before, and nothing new was sealed. */
  readonly duplicate: boolean;
}

/**
 * Seals content under a fresh data key: payload to the store, header to the directory, then the anchor to the ledger.
 * If the ledger refuses it, or holders will not honour it, payload and header are removed again.
 *
 * @throws RejectedError of the ledger; STALE_EPOCH when a revocation came first: ask for a new ticket.
 */
export async function depositRecord(
  author: Actor,
  deposit: Deposit,
  options: DepositOptions = {},
): Promise<SealedRecord> {
  return anchorDeposit(author, deposit.destination, await sealDeposit(author, deposit, options), options);
}

/** The first half: the payload lies in the store, and nobody knows of it. */
export function sealDeposit(
  author: Actor,
  { destination, ...what }: Deposit,
  options: DepositOptions,
): Promise<SealedContent> {
  const { network } = author;
  const { patient, compartment, level, epoch, right } = destination;
  return sealContent({
    domain: network.ledger.genesis.domain,
    owner: patient,
    author: author.id,
    compartment,
    level,
    epoch,
    ...what,
    store: network.store,
    deposit: right,
    signal: options.signal,
    onProgress: options.onProgress,
  });
}

/** The second half: the header becomes known, and the record stands on the ledger. */
export async function anchorDeposit(
  author: Actor,
  destination: Destination,
  sealed: SealedContent,
  options: SubmitOptions,
): Promise<SealedRecord> {
  try {
    await author.network.directory.put('header', sealed.recordId, sealed.header, options);
    const receipt = await anchor(author, destination, sealed, options);
    await requireHonoured(author, receipt, options);
    return { id: sealed.recordId, headerDigest: sealed.headerDigest, receipt, duplicate: false };
  } catch (error) {
    // Only a refusal is certain: after an outage the anchor may yet appear, and it must find its header.
    if (error instanceof RejectedError) await discardDeposit(author, sealed);
    throw error;
  }
}

function anchor(
  author: Actor,
  { patient: owner, compartment, epoch, level }: Destination,
  sealed: SealedContent,
  options: SubmitOptions,
): Promise<Receipt> {
  const { payloadDigest, headerDigest, contentCommitment: content, salt } = sealed;
  const digests = { payloadDigest, headerDigest, content, salt };
  return submitAs(author, { type: 'anchorRecord', owner, compartment, epoch, level, ...digests }, options);
}

/** Shows only on a final entry; where finality takes longer, holders will tell. */
async function requireHonoured({ network }: Actor, { id }: Receipt, options: SubmitOptions): Promise<void> {
  await network.view.sync(options);
  const [code] = network.view.entry(id)?.holder ?? [];
  if (code !== undefined) throw new RejectedError(code, { id });
}

/** Takes away what a deposit has left that is not anchored. */
export async function discardDeposit({ network }: Actor, { recordId, blob }: SealedContent): Promise<void> {
  await Promise.allSettled([network.directory.delete('header', recordId), network.store.delete(blob)]);
}
