import { encodeEntry } from '@medseal/protocol';
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
  return { entries, places };
}

/**
 * Reads what lies behind a cursor up to a checkpoint, from that entry on where its place is known. Otherwise from a place
 * that may lie before it, and in the end from the beginning.
 *
 * @throws as `readToCheckpoint`; LedgerRewrittenError also when the log has no such entry up to the checkpoint.
 */
export async function readBehind(
  ledger: Ledger,
  { after, known }: { readonly after: Cursor | undefined; readonly known: VerifiedPlaces },
  checkpoint: SeenCheckpoint,
  options: CallOptions,
): Promise<VerifiedRun> {
  const place = known.at(after);
  if (after === undefined || place !== undefined) return readToCheckpoint(ledger, place, checkpoint, options);
  const { earliest } = known;
  const starts: Start[] =
    earliest !== undefined && earliest.frontier.size <= checkpoint.size ? [earliest, undefined] : [undefined];
  for (const start of starts) {
    const { entries, places } = await readToCheckpoint(ledger, start, checkpoint, options);
    const index = entries.findIndex(({ cursor }) => cursor === after);
    if (index !== -1) return { entries: entries.slice(index + 1), places };
  }
  throw new LedgerRewrittenError('What witnesses have cosigned does not hold the entry of the cursor');
}
