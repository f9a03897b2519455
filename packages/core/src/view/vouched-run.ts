import { extendLogDigest } from '@medseal/protocol';
import { breather } from '../lib/breather.ts';
import { equalBytes } from '../lib/equal-bytes.ts';
import type { LedgerEntry } from '../ports/ledger.ts';
import type { LogPlace } from './saved-log-codec.ts';

/** Entries whose signatures somebody else vouches for, and what became of their digest. */
export interface VouchedRun {
  readonly entries: readonly LedgerEntry[];
  /** Where the run ends. */
  readonly end: LogPlace;
  /** The first of the places passed where the log has another digest than was vouched for. */
  readonly mismatch: LogPlace | undefined;
}

/**
 * Collects entries from a place on, until one of the places that are vouched for has another digest, the last of them is
 * reached, or the source ends. Nothing is applied before its digest is known to be right, so all of the run is held at
 * once.
 */
export async function collectRun(
  source: AsyncIterable<LedgerEntry> | Iterable<LedgerEntry>,
  from: LogPlace,
  vouched: readonly LogPlace[],
): Promise<VouchedRun> {
  const ahead = vouched.filter(({ length }) => length > from.length).toSorted((a, b) => a.length - b.length);
  const entries: LedgerEntry[] = [];
  const breathe = breather();
  let { length, digest } = from;
  if (ahead.length === 0) return { entries, end: from, mismatch: undefined };
  for await (const entry of source) {
    entries.push(entry);
    length += 1;
    await breathe();
    digest = extendLogDigest(digest, entry);
    const mismatch = ahead.find((place) => place.length === length && !equalBytes(place.digest, digest));
    if (mismatch !== undefined || length >= (ahead.at(-1)?.length ?? 0))
      return { entries, end: { length, digest }, mismatch };
  }
  return { entries, end: { length, digest }, mismatch: undefined };
}
