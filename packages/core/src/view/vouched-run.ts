import { extendLogDigest, toHex } from '@medseal/protocol';
import { LedgerDivergedError } from '../errors/ledger-diverged-error.ts';
import { LedgerRewrittenError } from '../errors/ledger-errors.ts';
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

/**
 * The entries from a place on up to the furthest of the places that are vouched for.
 *
 * @throws LedgerDivergedError where the log has another digest, LedgerRewrittenError when it ends before.
 */
export async function collectVouched(
  source: AsyncIterable<LedgerEntry>,
  from: LogPlace,
  vouched: readonly LogPlace[],
): Promise<readonly LedgerEntry[]> {
  const { entries, end, mismatch } = await collectRun(source, from, vouched);
  if (mismatch !== undefined) {
    const [claimed, expected] = [end, mismatch].map(({ digest }) => `log digest ${toHex(digest)}`);
    throw new LedgerDivergedError(end.length - 1, claimed ?? '', expected ?? '', 'a trusted snapshot says');
  }
  if (vouched.some(({ length }) => length > end.length))
    throw new LedgerRewrittenError('The log is shorter than a trusted snapshot says');
  return entries;
}
