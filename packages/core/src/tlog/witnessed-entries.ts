import { encodeEntry } from '@medseal/protocol';
import { LedgerRewrittenError } from '../errors/ledger-errors.ts';
import { UnverifiedLogError } from '../errors/unverified-log-error.ts';
import { equalBytes } from '../lib/equal-bytes.ts';
import type { CallOptions } from '../ports/call-options.ts';
import type { Cursor, Ledger, LedgerEntry } from '../ports/ledger.ts';
import type { SeenCheckpoint } from './checkpoint-state.ts';
import { appendLeaf, emptyFrontier, type Frontier, rootOf } from './frontier.ts';
import { leafHash } from './tree-hash.ts';

/** A place in the log up to which it was verified. */
export interface VerifiedPlace {
  readonly cursor: Cursor | undefined;
  readonly frontier: Frontier;
}

export const beginning: VerifiedPlace = { cursor: undefined, frontier: emptyFrontier };

export interface VerifiedRun {
  readonly entries: readonly LedgerEntry[];
  readonly end: VerifiedPlace;
}

/**
 * Reads on from a verified place to a checkpoint, and verifies that the entries lead to its root before it gives any.
 *
 * @throws LedgerRewrittenError when the ledger ends before; UnverifiedLogError with `root` when the entries are others.
 */
export async function readToCheckpoint(
  ledger: Ledger,
  from: VerifiedPlace,
  checkpoint: SeenCheckpoint,
  options: CallOptions,
): Promise<VerifiedRun> {
  const entries: LedgerEntry[] = [];
  let { cursor, frontier } = from;
  if (frontier.size < checkpoint.size)
    for await (const entry of ledger.entries({ ...options, after: cursor })) {
      entries.push(entry);
      ({ cursor } = entry);
      frontier = appendLeaf(frontier, leafHash(encodeEntry(entry)));
      if (frontier.size === checkpoint.size) break;
    }
  if (frontier.size < checkpoint.size) throw new LedgerRewrittenError('The log ends before its signed checkpoint');
  if (!equalBytes(rootOf(frontier), checkpoint.root)) throw new UnverifiedLogError('root');
  return { entries, end: { cursor, frontier } };
}
