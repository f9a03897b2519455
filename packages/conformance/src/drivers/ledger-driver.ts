import type { Ledger } from '@medseal/core/adapter';
import type { Authority, LedgerCode, StateKey, StateValue } from '@medseal/protocol';
import type { Disturbances } from './disturbances.ts';

/** What one ledger said of a command that was sent to it. */
export type Answer =
  | { readonly outcome: 'applied' }
  | { readonly outcome: 'violation' | 'rejected'; readonly code: LedgerCode };

/** One fresh ledger under test, with the means to look behind its adapter. */
export interface LedgerUnderTest extends Disturbances, AsyncDisposable {
  readonly ledger: Ledger;
  /** From now on the ledger's time is `time` (seconds); never less than before. */
  setTime(time: number): Promise<void>;
  /** Sends bytes past the adapter, straight to the contract or chaincode, and tells what became of them. */
  sendRaw(wire: Uint8Array): Promise<Answer>;
  /** The state object as the ledger itself stores it, not as its log implies it. */
  readState(key: StateKey<StateValue>): Promise<StateValue | undefined>;
  /**
   * Another adapter on the same ledger, as after a restart: the driver closes the first one where only one may be open.
   * Absent where the ledger lives as long as the process.
   */
  reopen?(): Promise<Ledger>;
}

/** Makes fresh ledgers of one kind; each has a domain of its own. */
export interface LedgerDriver extends AsyncDisposable {
  readonly name: string;
  create(options: { readonly authority: Authority; readonly time: number }): Promise<LedgerUnderTest>;
}
