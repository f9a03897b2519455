import type { Address, Level } from '@medseal/protocol';
import { DecryptionError } from '../errors/decryption-error.ts';
import { MalformedObjectError } from '../errors/malformed-object-error.ts';
import { RejectedError } from '../errors/rejected-error.ts';
import { UnverifiedObjectError } from '../errors/unverified-object-error.ts';
import type { CallOptions } from '../ports/call-options.ts';
import { openBox } from '../recipients/participant-box.ts';
import { ticketContext } from '../recipients/box-contexts.ts';
import { parseNamedTicket } from '../seal/named-ticket.ts';
import { type Ticket, verifyTicket } from '../seal/ticket.ts';
import type { Actor } from './actor.ts';

export interface FoundTicket {
  readonly bytes: Uint8Array;
  readonly ticket: Ticket;
}

/**
 * The author's ticket of the latest epoch for a patient's compartment and level. Boxes that do not open are somebody
 * else's doing and passed over: anybody can put one into a directory.
 *
 * @throws RejectedError NO_TICKET when no ticket covers it now.
 */
export async function findTicket(
  author: Actor,
  wanted: { readonly patient: Address; readonly compartment: string; readonly level: Level; readonly time: number },
  options?: CallOptions,
): Promise<FoundTicket> {
  const { network } = author;
  const boxes = await network.directory.get('ticket', author.id, options);
  const opened = await Promise.all(boxes.map((box) => openTicket(author, box)));
  const fitting = opened
    .filter((found) => found !== undefined)
    .filter(
      ({ name, ticket }) =>
        name === wanted.compartment &&
        ticket.patient === wanted.patient &&
        ticket.author === author.id &&
        ticket.level === wanted.level &&
        wanted.time < ticket.until,
    )
    .toSorted((a, b) => b.ticket.epoch - a.ticket.epoch);
  if (fitting[0] === undefined) throw new RejectedError('NO_TICKET');
  return fitting[0];
}

async function openTicket(author: Actor, box: Uint8Array): Promise<(FoundTicket & { name: string }) | undefined> {
  const { domain } = author.network.ledger.genesis;
  try {
    const named = await openBox(author.keys.receivingSecret, box, ticketContext(domain, author.id));
    const { name, ticket: bytes } = parseNamedTicket(named);
    return { name, bytes, ticket: verifyTicket(bytes, { domain }) };
  } catch (error) {
    if (error instanceof DecryptionError) return undefined;
    if (error instanceof MalformedObjectError || error instanceof UnverifiedObjectError) return undefined;
    throw error;
  }
}
