import type { BlobRef } from '../ports/store.ts';
import type { CopyFault } from './conclude.ts';
import type { MirrorParts } from './mirror-parts.ts';
import { payDebts } from './pay-debts.ts';
import { removeAtAll } from './remove-object.ts';

export interface Deletion {
  /** Copies that have not confirmed it. */
  readonly faults: readonly CopyFault[];
  /** Whether the object is deleted as far as the mirror is concerned, and what is left to do is owed. */
  readonly stands: boolean;
}

/**
 * Writes down that all copies are to lose the object, then asks them, then strikes out those that have confirmed. When
 * none of them answers and the object was not deleted before, the entry is taken back.
 *
 * @throws StoreUnavailableError when the state takes nothing, and then no copy was asked
 */
export async function deleteObject(
  parts: MirrorParts,
  ref: BlobRef,
  signal: AbortSignal | undefined,
): Promise<Deletion> {
  const { copies, debts, known, locks, queue, settings } = parts;
  const givenUp = await queue.cancel(ref.digest);
  const release = await locks.own(ref.digest);
  let stands = debts.isDeleted(ref.digest);
  try {
    signal?.throwIfAborted();
    const restores = debts.of(ref.digest).filter(({ task }) => task === 'restore');
    await debts.owe('delete', known.whereabouts(ref), copies);
    const faults = await removeAtAll(copies, known.whereabouts(ref), { timeout: settings.timeout, signal });
    if (signal?.aborted !== true) for (const { copy } of faults) copy.failed();
    stands ||= faults.length < copies.length;
    if (stands) {
      known.forget(ref.digest);
      const confirmed = copies.filter((copy) => !faults.some((fault) => fault.copy === copy));
      // What is not struck out is done once more; it cannot hurt.
      await debts.settle(ref.digest, confirmed).catch(() => {});
    } else {
      await debts.settle(ref.digest, copies);
      const lacking = copies.filter(({ name }) => restores.some(({ copy }) => copy === name));
      if (lacking.length > 0) await debts.owe('restore', known.whereabouts(ref), lacking);
    }
    return { faults, stands };
  } finally {
    release();
    if (!stands) for (const job of givenUp) queue.add(job);
    payDebts(parts, debts.of(ref.digest));
  }
}
