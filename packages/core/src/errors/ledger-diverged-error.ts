import { type LedgerCode, MedsealError } from '@medseal/protocol';

/**
 * The log does not follow from the rules, or is not the one of a trusted snapshot: a forged, altered, dropped or
 * reordered entry came before or at `index`.
 */
export class LedgerDivergedError extends MedsealError {
  readonly name = 'LedgerDivergedError';
  readonly code = 'LEDGER_DIVERGED';
  readonly retryable = false;
  /** Place in the log, from 0, of the entry that cannot be. */
  readonly index: number;
  /** What the log claims. */
  readonly claimed: string;
  /** What the rules, or the snapshot, say. */
  readonly expected: string;

  constructor(index: number, claimed: string, expected: string, authority = 'the rules say') {
    super(`Entry ${index} of the log claims "${claimed}", but ${authority} "${expected}"`);
    this.index = index;
    this.claimed = claimed;
    this.expected = expected;
  }

  /** How an outcome is written in `claimed` and `expected`. */
  static describe(outcome: 'applied' | 'violation' | 'rejected', code?: LedgerCode): string {
    return code === undefined ? outcome : `${outcome} ${code}`;
  }
}
