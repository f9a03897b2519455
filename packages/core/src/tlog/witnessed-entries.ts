import { encodeEntry, isMedsealError } from '@medseal/protocol';
import { LedgerRewrittenError } from '../errors/ledger-errors.ts';
import { UnverifiedLogError } from '../errors/unverified-log-error.ts';
import { equalBytes } from '../lib/equal-bytes.ts';
import type { CallOptions } from '../ports/call-options.ts';
import type { Cursor, Ledger, LedgerEntry } from '../ports/ledger.ts';
import type { SeenCheckpoint } from './checkpoint-state.ts';
import { appendLeaf, emptyFrontier, rootOf } from './frontier.ts';
import { leafHash } from './tree-hash.ts';
import type { VerifiedPlace, VerifiedPlaces } from './verified-places.ts';

export interface VerifiedRun {
  readonly from: Start;
  readonly entries: readonly LedgerEntry[];
  /** The last entry but one of the run, and the last: a view that resumes asks for its last entry again. */
  readonly places: readonly VerifiedPlace[];
}

/** `undefined`: from the beginning of the log. */
type Start = VerifiedPlace | undefined;

/**
 * Reads on from a verified place to a checkpoint, and verifies that the entries lead to its root before it gives any.
 *
 * @throws LedgerRewrittenError when the ledger ends before; UnverifiedLogError with `root` when the entries are others.
 */
export async function readToCheckpoint(
  ledger: Ledger,
  from: Start,
  checkpoint: SeenCheckpoint,
  options: CallOptions,
): Promise<VerifiedRun> {
  const entries: LedgerEntry[] = [];
  let frontier = from?.frontier ?? emptyFrontier;
  let places: readonly VerifiedPlace[] = from === undefined ? [] : [from];
  if (frontier.size < checkpoint.size)
    for await (const entry of ledger.entries({ ...options, after: from?.cursor })) {
      entries.push(entry);
      frontier = appendLeaf(frontier, leafHash(encodeEntry(entry)));
      places = [...places.slice(-1), { cursor: entry.cursor, frontier }];
      if (frontier.size === checkpoint.size) break;
    }
  if (frontier.size < checkpoint.size) throw new LedgerRewrittenError('The log ends before its signed checkpoint');
  if (!equalBytes(rootOf(frontier), checkpoint.root)) throw new UnverifiedLogError('root');
  return { from, entries, places };
}

export interface ReadFrom {
  readonly after: Cursor | undefined;
  readonly known: VerifiedPlaces;
}

/**
 * Reads what lies behind a cursor up to a checkpoint, from that entry on where its place is known. Otherwise from a place
 * that may lie before it, and in the end from the beginning.
 *
 * @throws as `readToCheckpoint`; LedgerRewrittenError also when the log has no such entry up to the checkpoint.
 */
export async function readBehind(
  ledger: Ledger,
  { after, known }: ReadFrom,
  checkpoint: SeenCheckpoint,
  options: CallOptions,
): Promise<VerifiedRun> {
  if (after === undefined) return readToCheckpoint(ledger, undefined, checkpoint, options);
  const places = known.before(checkpoint.size);
  const place = places.find(({ cursor }) => cursor === after) ?? places[0];
  for (const start of place === undefined ? [undefined] : [place, undefined]) {
    const run = await readFrom(ledger, start, { known, checkpoint, options });
    const entries = run.from?.cursor === after ? run.entries : entriesBehind(after, run.entries);
    if (entries !== undefined) return { ...run, entries };
    if (run.from === undefined) break;
  }
  throw new LedgerRewrittenError('What witnesses have cosigned does not hold the entry of the cursor');
}

/** Reads from the furthest place that is known to a checkpoint, whose last entry is the last place of the run. */
export function readFromLast(
  ledger: Ledger,
  known: VerifiedPlaces,
  checkpoint: SeenCheckpoint,
  options: CallOptions,
): Promise<VerifiedRun> {
  return readFrom(ledger, known.before(checkpoint.size).at(-1), { known, checkpoint, options });
}

/**
 * Reads from a place, and where only a saved state knows of it and it leads to no signed root, from the beginning: that
 * needs no state, and believes nothing more. The state is forgotten when that was what was wrong.
 */
async function readFrom(
  ledger: Ledger,
  start: Start,
  { known, checkpoint, options }: { known: VerifiedPlaces; checkpoint: SeenCheckpoint; options: CallOptions },
): Promise<VerifiedRun> {
  try {
    return await readToCheckpoint(ledger, start, checkpoint, options);
  } catch (error) {
    const isOutage = options.signal?.aborted === true || (isMedsealError(error) && error.retryable);
    if (start === undefined || !known.isRestored(start) || isOutage) throw error;
  }
  const run = await readToCheckpoint(ledger, undefined, checkpoint, options);
  known.forgetRestored();
  return run;
}

function entriesBehind(cursor: Cursor, entries: readonly LedgerEntry[]): readonly LedgerEntry[] | undefined {
  const index = entries.findIndex((entry) => entry.cursor === cursor);
  return index === -1 ? undefined : entries.slice(index + 1);
}
