import type { Address, Level } from '@medseal/protocol';
import { RejectedError } from '../errors/rejected-error.ts';
import type { CallOptions } from '../ports/call-options.ts';
import type { Actor } from './actor.ts';
import { type FoundTicket, readTickets } from './read-tickets.ts';

/**
 * The author's ticket of the latest epoch for a patient's compartment and level.
 *
 * @throws RejectedError NO_TICKET when no ticket covers it now.
 */
export async function findTicket(
  author: Actor,
  wanted: { readonly patient: Address; readonly compartment: string; readonly level: Level; readonly time: number },
  options?: CallOptions,
): Promise<FoundTicket> {
  const fitting = (await readTickets(author, options))
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
