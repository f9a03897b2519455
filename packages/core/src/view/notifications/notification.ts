import type { Address, CommandId, Hex, HolderCode, LedgerCode, Level } from '@medseal/protocol';

interface Notified {
  /** Save it once the notification has been handled, and begin behind it next time. */
  readonly cursor: string;
  /** Ledger time of the entry; of an expiry, its second. */
  readonly time: Date;
}

/** Something that stands in the log. */
interface OfEntry extends Notified {
  /** The command in the entry. */
  readonly entry: CommandId;
  /** Who signed it; `undefined` for the authority. May be the actor, on another device. */
  readonly by: Address | undefined;
  /** Why holders do not honour the entry, by the log alone; empty where they do. */
  readonly holder: readonly HolderCode[];
}

interface OfGrant {
  /** Number of the grant, and of the request that it answers. */
  readonly grant: Hex;
  readonly patient: Address;
  readonly grantee: Address;
}

interface OfRequest {
  readonly request: Hex;
  readonly patient: Address;
  readonly requester: Address;
}

interface OfUse {
  readonly grant: Hex;
  readonly patient: Address;
  readonly record: Hex;
}

interface OfRecord {
  readonly record: Hex;
  readonly owner: Address;
  /** `undefined` where the log has no such record. */
  readonly author: Address | undefined;
}

interface OfStanding {
  readonly participant: Address;
  /** Numbers of the grants that concern the actor and that this suspends, lets live again or ends. */
  readonly grants: readonly Hex[];
}

export interface AccessRequested extends OfEntry, OfRequest {
  readonly type: 'accessRequested';
  readonly level: Level;
  readonly newData: boolean;
  readonly until: Date;
}

export interface AccessGranted extends OfEntry, OfGrant {
  readonly type: 'accessGranted';
  /** Compartment tag, or root of a list of records. */
  readonly scope: Hex;
  readonly level: Level;
  readonly newData: boolean;
  readonly until: Date;
  /** Somebody had asked for it. */
  readonly solicited: boolean;
  /** Grants more than was asked for. */
  readonly wider: boolean;
}

export interface AccessDenied extends OfEntry {
  readonly type: 'accessDenied';
  readonly request: Hex;
  readonly patient: Address;
  /** `undefined` where the log holds no such request. */
  readonly requester: Address | undefined;
}

export interface AccessRevoked extends OfEntry, OfGrant {
  readonly type: 'accessRevoked';
}

/** A grant has come to its end by itself. */
export interface GrantExpired extends Notified, OfGrant {
  readonly type: 'grantExpired';
}

/** Nobody has decided on a request while access was asked for. */
export interface RequestExpired extends Notified, OfRequest {
  readonly type: 'requestExpired';
}

/** A grantee has used a grant for a record. `holder` tells whether proxies release anything for it. */
export interface RecordUsed extends OfEntry, OfUse {
  readonly type: 'recordUsed';
}

/** A use that was not allowed. */
export interface AccessViolated extends OfEntry, OfUse {
  readonly type: 'accessViolated';
  readonly code: LedgerCode;
}

export interface ViolationReported extends OfEntry {
  readonly type: 'violationReported';
  readonly patient: Address;
  readonly subject: Address;
  /** The command that the report points at. */
  readonly about: CommandId;
}

export interface RecordDeposited extends OfEntry, OfRecord {
  readonly type: 'recordDeposited';
  readonly level: Level;
  /** Without a ticket: it lies in the patient's inbox until she files it. */
  readonly inbox: boolean;
}

/** A record has a new header: other recipients, or filed into another compartment. */
export interface RecordSuperseded extends OfEntry, OfRecord {
  readonly type: 'recordSuperseded';
}

export interface RecordErased extends OfEntry, OfRecord {
  readonly type: 'recordErased';
}

export interface Registered extends OfEntry {
  readonly type: 'registered';
  readonly participant: Address;
}

/** The actor, or the other side of grants of the actor's. */
export interface Banned extends OfEntry, OfStanding {
  readonly type: 'banned';
}

export interface Reinstated extends OfEntry, OfStanding {
  readonly type: 'reinstated';
}

/** New keys of the actor, or of a grantee: grants to the old keys have ended. */
export interface KeysRotated extends OfEntry, OfStanding {
  readonly type: 'keysRotated';
}

export type EntryNotification =
  | AccessRequested
  | AccessGranted
  | AccessDenied
  | AccessRevoked
  | RecordUsed
  | AccessViolated
  | ViolationReported
  | RecordDeposited
  | RecordSuperseded
  | RecordErased
  | Registered
  | Banned
  | Reinstated
  | KeysRotated;

export type ExpiryNotification = GrantExpired | RequestExpired;

/** Something that concerns one participant. */
export type Notification = EntryNotification | ExpiryNotification;
