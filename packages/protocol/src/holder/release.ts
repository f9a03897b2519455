import type { Hex } from '../encode/bytes.ts';
import { type Address, type Level, reaches } from '../encode/kinds.ts';
import type { HolderCode } from '../rejections.ts';
import { type GrantScope, inScope } from './scope.ts';

/** Longest time, in seconds, between a use and the release for it, beyond the ledger's own finality delay. */
export const MAX_USE_AGE = 60;
/** Longest time, in seconds and by the holder's own clock, since it last saw the ledger's head processed. */
export const MAX_VIEW_AGE = 60;

/** A use as the holder's own final view shows it. */
export interface UseFacts {
  readonly time: number;
  readonly actor: Address;
  readonly patient: Address;
  readonly grant: Hex;
  readonly record: Hex;
  readonly headerDigest: Hex;
  /** Applied, and the first entry of its command. */
  readonly applied: boolean;
}

export interface GrantFacts extends GrantScope {
  readonly patient: Address;
  readonly grantee: Address;
  readonly level: Level;
  readonly newData: boolean;
  readonly until: number;
  /** Place of the grant in the log. */
  readonly index: number;
  /** Granted, not revoked by any route, keys unchanged, both parties in good standing; expiry is judged here. */
  readonly standing: boolean;
}

export interface RecordFacts {
  readonly owner: Address;
  readonly author: Address;
  readonly compartment: Hex;
  readonly epoch: number;
  readonly level: Level;
  /** Digest of the present header: that of the anchor, or of the last one that the owner put in its place. */
  readonly headerDigest: Hex;
  /** Erased by the owner, for ever. */
  readonly erased: boolean;
  /** Time of the first anchor. */
  readonly time: number;
  /** Place of the record's first anchor in the log. */
  readonly index: number;
}

/** What the patient's deposit ticket, inside the header, allows its author. */
export interface TicketFacts {
  readonly patient: Address;
  readonly author: Address;
  readonly compartment: Hex;
  readonly epoch: number;
  readonly level: Level;
  readonly delegatingKey: Hex;
  readonly until: number;
}

/** What the key fragment in the holder's hands was made for, by a manifest that the patient signed. */
export interface FragmentFacts {
  readonly grant: Hex;
  readonly compartment: Hex;
  readonly epoch: number;
  readonly level: Level;
  readonly delegatingKey: Hex;
}

/** Everything that a holder weighs before it releases key material for one use. */
export interface ReleaseFacts {
  readonly use: UseFacts | undefined;
  readonly grant: GrantFacts | undefined;
  readonly record: RecordFacts | undefined;
  /** `undefined` where the header has none or its signature is wrong. */
  readonly ticket: TicketFacts | undefined;
  readonly fragment: FragmentFacts | undefined;
  /** Record id and digest of the very header at hand. */
  readonly header: { readonly record: Hex; readonly digest: Hex };
  /** The stanza's proof binds it to domain, record, compartment, level and epoch under the ticket's key. */
  readonly stanzaProven: boolean;
  /** Holder's own clock, seconds. */
  readonly now: number;
  /** Ledger time of the holder's view: the greatest seen. */
  readonly ledgerTime: number;
  /** Seconds since the view last reached the ledger's head. */
  readonly viewAge: number;
  /** Seconds between commitment and finality on this ledger, at most. */
  readonly finalityDelay: number;
}

export type ReleaseRule = readonly [code: HolderCode, doc: string, test: (facts: ReleaseFacts) => boolean];

/**
 * What a holder (a proxy) checks before it acts, beyond the ledger, in order. It authorises late (the use must be
 * final in its own view) and refuses early (the grant must be live now, by the ledger's clock and by its own).
 */
export const releaseRules: readonly ReleaseRule[] = [
  ['NO_USE', 'the use is applied on the holder’s own final view', ({ use }) => use?.applied === true],
  [
    'STALE',
    'the view is fresh, and the use is at most 60 s and the finality delay old',
    ({ use, now, viewAge, finalityDelay }) =>
      use !== undefined && viewAge <= MAX_VIEW_AGE && now - use.time <= MAX_USE_AGE + finalityDelay,
  ],
  [
    'NOT_LIVE',
    'the grant is live now and belongs to the user',
    ({ use, grant, now, ledgerTime }) =>
      use !== undefined &&
      grant !== undefined &&
      grant.standing &&
      grant.grantee === use.actor &&
      grant.patient === use.patient &&
      now < grant.until &&
      ledgerTime < grant.until,
  ],
  [
    'UNKNOWN_RECORD',
    'the use names an anchored record and the header at hand',
    ({ use, record, header }) =>
      use !== undefined &&
      record !== undefined &&
      use.record === header.record &&
      use.headerDigest === header.digest &&
      record.headerDigest === header.digest,
  ],
  ['RECORD_ERASED', 'the owner has not erased the record', ({ record }) => record?.erased === false],
  [
    'OUT_OF_SCOPE',
    'the grant’s compartment or list has the record, and the fragment was made for this grant and compartment',
    ({ use, grant, record, fragment }) =>
      use !== undefined &&
      grant !== undefined &&
      record !== undefined &&
      fragment !== undefined &&
      fragment.grant === use.grant &&
      record.owner === grant.patient &&
      inScope(grant, { id: use.record, compartment: record.compartment }) &&
      fragment.compartment === record.compartment &&
      (grant.newData || record.index < grant.index),
  ],
  [
    'LEVEL_EXCEEDED',
    'the grant and the fragment reach the record’s level',
    ({ grant, record, fragment }) =>
      grant !== undefined &&
      record !== undefined &&
      reaches(grant.level, record.level) &&
      fragment?.level === record.level,
  ],
  ['STALE_EPOCH', 'the fragment is of the record’s epoch', ({ record, fragment }) => fragment?.epoch === record?.epoch],
  [
    'NO_TICKET',
    'the owner’s ticket let this author seal this record then, under the fragment’s key',
    ({ ticket, record, fragment }) =>
      ticket !== undefined &&
      record !== undefined &&
      ticket.patient === record.owner &&
      ticket.author === record.author &&
      ticket.compartment === record.compartment &&
      ticket.epoch === record.epoch &&
      ticket.level === record.level &&
      record.time < ticket.until &&
      ticket.delegatingKey === fragment?.delegatingKey,
  ],
  ['BAD_STANZA', 'the stanza proves that it was made for this record', ({ stanzaProven }) => stanzaProven],
];

/** The first rule that forbids the release, or `undefined` where none does. */
export function refuseRelease(facts: ReleaseFacts): HolderCode | undefined {
  return releaseRules.find(([, , test]) => !test(facts))?.[0];
}
