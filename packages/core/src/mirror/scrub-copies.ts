import type { Hex } from '@medseal/protocol';
import { throwIfAborted } from '../lib/abort.ts';
import type { CallOptions } from '../ports/call-options.ts';
import type { BlobRef } from '../ports/store.ts';
import type { Copy } from './copy.ts';
import { type Inspection, inspectCopy } from './inspect-copy.ts';

export interface MirrorScrubOptions extends CallOptions {
  /** What to look at; by default everything that this mirror has put, or given out, since it was made. */
  readonly refs?: Iterable<BlobRef> | AsyncIterable<BlobRef> | undefined;
  /** Restore what is missing or damaged, from a copy that is whole; so by default. */
  readonly repair?: boolean | undefined;
  /** Told after each object how many are done. */
  readonly onProgress?: ((objects: number) => void) | undefined;
}

/** What was found at one copy. */
export interface CopyReport {
  /** Objects looked at. */
  readonly checked: number;
  readonly missing: readonly Hex[];
  readonly damaged: readonly Hex[];
  /** Of the missing and the damaged: those that it has again. */
  readonly repaired: readonly Hex[];
  /** Objects about which the copy said nothing. */
  readonly unreachable: readonly Hex[];
  /** Objects that were deleted, and that this copy still had: they are gone now. */
  readonly removed: readonly Hex[];
}

export interface MirrorReport {
  readonly objects: number;
  /** By the copies' names. */
  readonly copies: ReadonlyMap<string, CopyReport>;
  /** Objects that no copy has whole, all of them having answered. */
  readonly lost: readonly Hex[];
}

export interface CopiesToScrub {
  readonly copies: readonly Copy[];
  readonly timeout: number;
  /** Objects that were deleted, and that a copy may still have. */
  readonly deleted: () => readonly BlobRef[];
  readonly isDeleted: (digest: Hex) => boolean;
  readonly restore: (copy: Copy, ref: BlobRef, signal: AbortSignal | undefined) => Promise<void>;
  /** Deletes what a copy still has. Resolves with whether it had it. */
  readonly remove: (copy: Copy, ref: BlobRef, signal: AbortSignal | undefined) => Promise<boolean>;
}

type Findings = { -readonly [K in Exclude<keyof CopyReport, 'checked'>]: Hex[] } & { checked: number };

/**
 * Reads every object at every copy, and takes what was deleted from copies that still have it. Objects one after the other, the
 * copies of one at the same time.
 */
export async function scrubCopies(
  to: CopiesToScrub,
  refs: Iterable<BlobRef> | AsyncIterable<BlobRef>,
  { signal, repair = true, onProgress }: MirrorScrubOptions,
): Promise<MirrorReport> {
  const findings = new Map<Copy, Findings>();
  for (const copy of to.copies)
    findings.set(copy, { checked: 0, missing: [], damaged: [], repaired: [], unreachable: [], removed: [] });
  const seen = new Set<Hex>();
  const lost: Hex[] = [];
  async function* all(): AsyncGenerator<BlobRef> {
    yield* refs;
    yield* to.deleted();
  }
  for await (const ref of all()) {
    throwIfAborted(signal);
    if (seen.has(ref.digest)) continue;
    seen.add(ref.digest);
    if (to.isDeleted(ref.digest)) await removeEverywhere(to, findings, ref, signal);
    else if (!(await scrubObject(to, findings, ref, { signal, repair }))) lost.push(ref.digest);
    onProgress?.(seen.size);
  }
  return {
    objects: seen.size,
    copies: new Map([...findings].map(([copy, found]) => [copy.name, found])),
    lost,
  };
}

/** Resolves with false when all copies have answered and none is whole. */
async function scrubObject(
  to: CopiesToScrub,
  findings: ReadonlyMap<Copy, Findings>,
  ref: BlobRef,
  { signal, repair }: MirrorScrubOptions,
): Promise<boolean> {
  const inspected = await Promise.all(
    [...findings].map(async ([copy, found]) => {
      const inspection = await inspectCopy(copy, ref, { timeout: to.timeout, signal });
      note(found, ref.digest, inspection);
      return { copy, found, state: inspection.state };
    }),
  );
  const has = (state: Inspection['state']): boolean => inspected.some((one) => one.state === state);
  if (!has('whole')) return has('unreachable');
  if (repair !== true) return true;
  for (const { copy, found, state } of inspected) {
    if (state !== 'missing' && state !== 'damaged') continue;
    const restored = await to.restore(copy, ref, signal).then(
      () => true,
      () => false,
    );
    throwIfAborted(signal);
    if (restored) found.repaired.push(ref.digest);
  }
  return true;
}

function note(found: Findings, digest: Hex, { state }: Inspection): void {
  found.checked++;
  if (state !== 'whole') found[state].push(digest);
}

async function removeEverywhere(
  to: CopiesToScrub,
  findings: ReadonlyMap<Copy, Findings>,
  ref: BlobRef,
  signal: AbortSignal | undefined,
): Promise<void> {
  for (const [copy, found] of findings) {
    found.checked++;
    try {
      if (await to.remove(copy, ref, signal)) found.removed.push(ref.digest);
    } catch {
      throwIfAborted(signal);
      found.unreachable.push(ref.digest);
    }
  }
}
