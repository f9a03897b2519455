import { DecryptionError } from '../errors/decryption-error.ts';
import { MalformedObjectError } from '../errors/malformed-object-error.ts';
import { UnverifiedObjectError } from '../errors/unverified-object-error.ts';
import type { CallOptions } from '../ports/call-options.ts';
import { ticketContext } from '../recipients/box-contexts.ts';
import { openBox } from '../recipients/participant-box.ts';
import { parseNamedTicket } from '../seal/named-ticket.ts';
import { type Ticket, verifyTicket } from '../seal/ticket.ts';
import type { Actor } from './actor.ts';

export interface FoundTicket {
  /** Name of the compartment. */
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly ticket: Ticket;
}

/**
 * All tickets that the directory holds for a participant: an author's own, and a patient's copies of those that she
 * issued. A box that does not open is somebody else's doing and passed over: anybody can put one into a directory.
 */
export async function readTickets(actor: Actor, options?: CallOptions): Promise<readonly FoundTicket[]> {
  const boxes = await actor.network.directory.get('ticket', actor.id, options);
  const opened = await Promise.all(boxes.map((box) => readTicket(actor, box)));
  return opened.filter((found) => found !== undefined);
}

async function readTicket(actor: Actor, box: Uint8Array): Promise<FoundTicket | undefined> {
  const { domain } = actor.network.ledger.genesis;
  try {
    const named = await openBox(actor.keys.receivingSecret, box, ticketContext(domain, actor.id));
    const { name, ticket: bytes } = parseNamedTicket(named);
    return { name, bytes, ticket: verifyTicket(bytes, { domain }) };
  } catch (error) {
    if (error instanceof DecryptionError) return undefined;
    if (error instanceof MalformedObjectError || error instanceof UnverifiedObjectError) return undefined;
    throw error;
  }
}
