import type { Address, CommandSigner, Domain, Hex, Level } from '@medseal/protocol';
import { type PublicKey, publicKeyFromBytes, publicKeyToBytes } from '@medseal/umbral';
import { RejectedError } from '../errors/rejected-error.ts';
import { type PatientObject, type SignedObjectKind, signObject, verifyObject } from './signed-object.ts';

/** A patient's standing permission for an author to seal records into one of her compartments while she is away. */
export interface Ticket extends PatientObject {
  readonly author: Address;
  /** Compartment tag. */
  readonly compartment: Hex;
  readonly level: Level;
  readonly epoch: number;
  /** Her key for this compartment, level and epoch: what the author seals to. */
  readonly delegatingPublicKey: PublicKey;
  /** First second, of ledger time, at which nothing more may be sealed under it. */
  readonly until: number;
  /** Whether the author may keep a stanza of his own, and so go on reading what he sealed; not unless told. */
  readonly authorKeeps?: boolean | undefined;
}

/** What a ticket must agree with. */
export interface DepositFacts {
  readonly owner: Address;
  readonly author: Address;
  readonly compartment: Hex;
  readonly level: Level;
  readonly epoch: number;
}

const kind: SignedObjectKind<Ticket> = {
  object: 'deposit ticket',
  tag: 'medseal deposit ticket',
  write: (ticket, out) => {
    out
      .hex(ticket.author, 20, 'author')
      .hex(ticket.compartment, 32, 'compartment')
      .level(ticket.level, 'level')
      .u32(ticket.epoch, 'epoch')
      .fixed(publicKeyToBytes(ticket.delegatingPublicKey), 33, 'delegatingPublicKey')
      .u40(ticket.until, 'until')
      .flag(ticket.authorKeeps ?? false, 'authorKeeps');
  },
  read: (next, of) => ({
    ...of,
    author: next.hex(20, 'author'),
    compartment: next.hex(32, 'compartment'),
    level: next.level('level'),
    epoch: next.u32('epoch'),
    delegatingPublicKey: next.parsed(33, 'delegatingPublicKey', publicKeyFromBytes),
    until: next.u40('until'),
    authorKeeps: next.flag('authorKeeps'),
  }),
};

/** @throws RangeError when a value does not fit its field, or the signer is not the patient. */
export function issueTicket(ticket: Ticket, signer: CommandSigner): Promise<Uint8Array> {
  return signObject(kind, ticket, signer);
}

/**
 * Reads a ticket that its patient signed for this ledger. Whether it covers a record: {@link requireTicketFor}.
 *
 * @throws MalformedObjectError, or UnverifiedObjectError
 */
export function verifyTicket(bytes: Uint8Array, options: { readonly domain: Domain }): Ticket {
  return verifyObject(kind, bytes, options);
}

/**
 * Requires that a ticket covers a record sealed at `time` (ledger time, seconds).
 *
 * @throws RejectedError NO_TICKET
 */
export function requireTicketFor(ticket: Ticket, record: DepositFacts, time: number): void {
  const covers =
    ticket.patient === record.owner &&
    ticket.author === record.author &&
    ticket.compartment === record.compartment &&
    ticket.level === record.level &&
    ticket.epoch === record.epoch &&
    time < ticket.until;
  if (!covers) throw new RejectedError('NO_TICKET');
}
