import type { Domain } from '@medseal/protocol';
import type { Capsule, PublicKey } from '@medseal/umbral';
import { RejectedError } from '../errors/rejected-error.ts';
import { UnverifiedObjectError } from '../errors/unverified-object-error.ts';
import { AUTHOR_STANZA } from '../recipients/author-stanza.ts';
import { stanzaOf } from '../recipients/stanza.ts';
import { UMBRAL_STANZA, verifyUmbralStanza } from '../recipients/umbral-stanza.ts';
import type { Header } from './header.ts';
import { requireTicketFor, type Ticket, verifyTicket } from './ticket.ts';

export interface DepositCheck {
  readonly domain: Domain;
  /** When the record was sealed: time of its anchor, seconds. */
  readonly time: number;
  /** The key that the checker expects, from a manifest or of its own. Needed where the header has no ticket. */
  readonly delegatingPublicKey?: PublicKey | undefined;
}

export interface Deposit {
  readonly capsule: Capsule;
  readonly delegatingPublicKey: PublicKey;
}

/**
 * What a holder or reader checks of a header before it uses the capsule: the patient let this author seal this record
 * then, under this key, and the stanza was made for this very record. That the ledger anchors this header, by this
 * author, is for the caller to check.
 *
 * @throws UnverifiedObjectError for a header of another ledger
 * @throws RejectedError NO_TICKET or BAD_STANZA
 */
export function verifyDeposit(header: Header, { domain, time, delegatingPublicKey }: DepositCheck): Deposit {
  if (header.domain !== domain) throw new UnverifiedObjectError('header', 'domain');
  const right = header.ticket === undefined ? ownRight(header, delegatingPublicKey) : ticketRight(header.ticket);
  return { capsule: verifyStanzas(header, right), delegatingPublicKey: right.delegatingPublicKey };

  function ticketRight(bytes: Uint8Array): StanzaRight {
    const ticket = readTicket(bytes, domain);
    requireTicketFor(ticket, header, time);
    if (delegatingPublicKey !== undefined && !delegatingPublicKey.point.equals(ticket.delegatingPublicKey.point))
      throw new RejectedError('NO_TICKET');
    return ticket;
  }
}

/** What a ticket says about stanzas. */
export type StanzaRight = Pick<Ticket, 'delegatingPublicKey' | 'authorKeeps'>;

/**
 * The capsule of a header that holders may act on: it has an Umbral stanza, made for this very record and key, and a
 * stanza for its author only where the ticket lets him keep one.
 *
 * @throws RejectedError BAD_STANZA
 */
export function verifyStanzas(header: Header, { delegatingPublicKey, authorKeeps }: StanzaRight): Capsule {
  const stanza = stanzaOf(header.stanzas, UMBRAL_STANZA);
  const kept = stanzaOf(header.stanzas, AUTHOR_STANZA) !== undefined;
  if (stanza === undefined || (kept && authorKeeps !== true)) throw new RejectedError('BAD_STANZA');
  return verifyUmbralStanza(stanza, delegatingPublicKey, header);
}

function ownRight(header: Header, delegatingPublicKey: PublicKey | undefined): StanzaRight {
  if (header.author !== header.owner || delegatingPublicKey === undefined) throw new RejectedError('NO_TICKET');
  return { delegatingPublicKey };
}

function readTicket(bytes: Uint8Array, domain: Domain): Ticket {
  try {
    return verifyTicket(bytes, { domain });
  } catch (cause) {
    throw new RejectedError('NO_TICKET', { cause });
  }
}
