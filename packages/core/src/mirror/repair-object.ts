import { AbsentError } from '../errors/store-errors.ts';
import type { BlobRef } from '../ports/store.ts';
import type { Copy } from './copy.ts';
import { inspectCopy } from './inspect-copy.ts';
import type { MirrorParts } from './mirror-parts.ts';
import { removeDeleted } from './remove-object.ts';
import type { RepairJob } from './repair-queue.ts';
import { restoreCopy } from './restore-copy.ts';

/** Brings a copy to where it should be: with the object, or without it where that was deleted. */
export async function repairObject(
  parts: MirrorParts,
  { copy, ref, task }: RepairJob,
  signal: AbortSignal,
): Promise<'done' | 'needless'> {
  if (task === 'delete') return (await removeDeleted(parts, copy, ref, signal)) ? 'done' : 'needless';
  return restoring(parts, copy, ref, signal, async () => {
    const { state, error } = await inspectCopy(copy, ref, { timeout: parts.settings.timeout, signal });
    if (state === 'unreachable') throw error;
    return state === 'whole';
  });
}

/**
 * Gives a copy an object that it lacks or has damaged.
 *
 * @throws AbsentError when the object was deleted
 */
export async function restoreObject(
  parts: MirrorParts,
  copy: Copy,
  ref: BlobRef,
  signal: AbortSignal = new AbortController().signal,
): Promise<void> {
  const outcome = await restoring(parts, copy, ref, signal, async () => false);
  if (outcome === 'needless') throw new AbsentError('The object was deleted');
}

async function restoring(
  parts: MirrorParts,
  copy: Copy,
  ref: BlobRef,
  signal: AbortSignal,
  isWhole: () => Promise<boolean>,
): Promise<'done' | 'needless'> {
  const { copies, settings, bandwidth, debts, known, locks } = parts;
  // While it is held, nobody deletes the object.
  const release = await locks.share(ref.digest);
  try {
    signal.throwIfAborted();
    if (debts.isDeleted(ref.digest)) return 'needless';
    const whole = await isWhole();
    if (!whole) {
      const from = { copies, settings, onSuspect: (): void => {} };
      known.know(await restoreCopy(copy, ref, { from, bandwidth, signal }));
    }
    await settleRestore(parts, copy, ref);
    return whole ? 'needless' : 'done';
  } catch (error) {
    // No other copy has it: there is nothing to restore from.
    if (error instanceof AbsentError) await settleRestore(parts, copy, ref);
    throw error;
  } finally {
    release();
  }
}

/** Where the state fails here, the copy is looked at once more when somebody uses the mirror. */
async function settleRestore({ debts }: MirrorParts, copy: Copy, { digest }: BlobRef): Promise<void> {
  if (debts.owes(copy, digest)) await debts.settle(digest, [copy]).catch(() => debts.rest(copy.name, digest));
}
