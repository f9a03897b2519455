import type { BlobRef } from '../ports/store.ts';
import type { CopyFault } from './conclude.ts';
import type { AskOptions, Copy } from './copy.ts';
import { within } from './deadline.ts';
import type { MirrorParts } from './mirror-parts.ts';

/**
 * Takes an object from one copy. Resolves when the copy has confirmed it and nothing of an earlier put is on its way
 * there any more.
 */
export async function removeAt(copy: Copy, ref: BlobRef, { timeout, signal }: AskOptions): Promise<void> {
  // Asked before: what lands while the answer is on its way would stay.
  const isTaking = copy.taking.has(ref.digest);
  await copy.delete(copy.refOf(ref), { timeout, signal });
  if (!isTaking) return;
  await within(timeout, copy.taking.ended(ref.digest));
  await copy.delete(copy.refOf(ref), { timeout, signal });
}

/** Takes an object from all copies at once. Resolves with those that could not. */
export async function removeAtAll(
  copies: readonly Copy[],
  ref: BlobRef,
  options: AskOptions,
): Promise<readonly CopyFault[]> {
  const removing = copies.map((copy) =>
    removeAt(copy, ref, options).then(
      () => [],
      (error: unknown) => [{ copy, error }],
    ),
  );
  return (await Promise.all(removing)).flat();
}

/**
 * Takes a deleted object from one copy and strikes the debt out. Resolves with whether the copy had it; with false and
 * without touching it when the object has been put again.
 */
export async function removeDeleted(
  { debts, locks, settings: { timeout } }: MirrorParts,
  copy: Copy,
  ref: BlobRef,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  const release = await locks.own(ref.digest);
  try {
    signal?.throwIfAborted();
    if (!debts.isDeleted(ref.digest)) return false;
    const had = await within(timeout, copy.store.has(copy.refOf(ref), { signal }));
    // Also where it seems to be missing: whoever removed it may not have come to the end.
    await removeAt(copy, ref, { timeout, signal });
    copy.answered();
    if (debts.owes(copy, ref.digest)) await debts.settle(ref.digest, [copy]);
    return had;
  } catch (error) {
    if (signal?.aborted !== true) copy.failed();
    throw error;
  } finally {
    release();
  }
}
