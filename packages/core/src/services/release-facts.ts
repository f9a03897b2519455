import {
  type CommandId,
  type FragmentFacts,
  type Hex,
  type ReleaseFacts,
  type TicketFacts,
  toHex,
  type UseFacts,
} from '@medseal/protocol';
import { type Capsule, type PublicKey, publicKeyToBytes } from '@medseal/umbral';
import { type Header, headerDigest, parseHeader } from '../seal/header.ts';
import { verifyTicket } from '../seal/ticket.ts';
import { type StanzaRight, verifyStanzas } from '../seal/verify-deposit.ts';
import { grantFacts } from '../view/grant-state.ts';
import type { LedgerView } from '../view/ledger-view.ts';
import type { HeldFragment } from './fragment-store.ts';

/** What a holder knows about one request for release, ready for the holder's rules. */
export interface Release {
  readonly facts: ReleaseFacts;
  readonly held: HeldFragment | undefined;
  /** Present where the stanza's proof holds. */
  readonly capsule: Capsule | undefined;
}

export interface ReleaseRequest {
  readonly use: CommandId;
  readonly header: Uint8Array;
}

export interface ReleaseContext {
  readonly view: LedgerView;
  readonly now: number;
  fragments(patient: Hex, grant: Hex): readonly HeldFragment[];
  /** Withdrawn by a notice that may be ahead of the ledger. */
  withdrawn(patient: Hex, grantee: Hex, grant: Hex): boolean;
}

/**
 * Gathers the facts. Decides nothing itself: that is `refuseRelease` of `@medseal/protocol`.
 *
 * @throws MalformedObjectError when the header is not one.
 */
export function gatherFacts({ use: id, header: bytes }: ReleaseRequest, context: ReleaseContext): Release {
  const { view, now } = context;
  const header = parseHeader(bytes);
  const use = useFacts(view, id);
  const given = use && view.grant(use.patient, use.grant);
  const record = view.record(header.recordId);
  const grant = given && grantFacts(view, given);
  const withdrawn = given !== undefined && context.withdrawn(given.patient, given.grantee, given.id);
  const ticket = openTicket(header, view.genesis.domain);
  const held = use && context.fragments(use.patient, use.grant).find(({ manifest }) => fits(manifest, header));
  const capsule = ticket && provenCapsule(header, ticket);
  const facts: ReleaseFacts = {
    use,
    grant: grant && { ...grant, standing: grant.standing && !withdrawn },
    record,
    ticket: ticket && ticketFacts(ticket),
    fragment: held && fragmentFacts(held),
    header: { record: header.recordId, digest: headerDigest(bytes) },
    stanzaProven: capsule !== undefined,
    now,
    ledgerTime: view.clock,
    viewAge: view.age,
    finalityDelay: view.ledger.supports.finalityDelay,
  };
  return { facts, held, capsule };
}

function useFacts(view: LedgerView, id: CommandId): UseFacts | undefined {
  const entry = view.entry(id);
  if (entry?.command.type !== 'useAccess') return undefined;
  return { ...entry.command, time: entry.time, applied: entry.violation === undefined };
}

function fits(manifest: HeldFragment['manifest'], header: Header): boolean {
  const { compartment, level, epoch } = header;
  return manifest.compartment === compartment && manifest.level === level && manifest.epoch === epoch;
}

function fragmentFacts({ manifest }: HeldFragment): FragmentFacts {
  return { ...manifest, delegatingKey: hexOf(manifest.delegatingPublicKey) };
}

type OpenTicket = Omit<TicketFacts, 'delegatingKey'> & StanzaRight;

function ticketFacts(ticket: OpenTicket): TicketFacts {
  return { ...ticket, delegatingKey: hexOf(ticket.delegatingPublicKey) };
}

/** A ticket that is absent, malformed or not the patient's is all the same to a holder: none. */
function openTicket(header: Header, domain: Hex): OpenTicket | undefined {
  if (header.ticket === undefined) return undefined;
  try {
    return verifyTicket(header.ticket, { domain });
  } catch {
    return undefined;
  }
}

function provenCapsule(header: Header, ticket: StanzaRight): Capsule | undefined {
  try {
    return verifyStanzas(header, ticket);
  } catch {
    return undefined;
  }
}

function hexOf(key: PublicKey): Hex {
  return toHex(publicKeyToBytes(key));
}
