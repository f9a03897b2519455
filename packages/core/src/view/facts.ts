import type {
  AnchorRecord,
  Command,
  CommandId,
  GrantAccess,
  GrantFacts,
  Hex,
  LedgerCode,
  Marks,
  RecordFacts,
  RequestAccess,
} from '@medseal/protocol';
import type { Cursor } from '../ports/ledger.ts';

/** One entry of the log as a view holds it. */
export interface ViewEntry extends Marks {
  /** Place in the log, from 0. */
  readonly index: number;
  readonly cursor: Cursor;
  /** Ledger time, seconds. */
  readonly time: number;
  readonly id: CommandId;
  readonly command: Command;
  readonly violation: LedgerCode | undefined;
  /** The same command stood in the log before: readers count it once. */
  readonly repeat: boolean;
}

export interface RecordView extends RecordFacts {
  readonly id: Hex;
  /** The anchor as it was signed, whatever header the owner has put in place since. */
  readonly anchor: AnchorRecord;
}

export interface RequestView {
  readonly id: CommandId;
  readonly time: number;
  readonly request: RequestAccess;
}

export interface GrantView extends Omit<GrantFacts, 'standing' | 'records'> {
  readonly id: Hex;
  readonly time: number;
  readonly grant: GrantAccess;
  /** Somebody asked for it: the log holds a request with this number to this patient. */
  readonly solicited: boolean;
  /** Grants more than was asked for: another grantee, a higher level, longer, or new data too. */
  readonly wider: boolean;
}

/** The part of a view that knows the records of a grant of a list. */
export interface RecordLists {
  listedRecords(scope: Hex): readonly Hex[] | undefined;
}

/** Why a grant gives nothing now, or that it does. Expiry is computed, never written. */
export type GrantState = 'live' | 'expired' | 'revoked' | 'keys changed' | 'suspended';
