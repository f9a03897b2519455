import { StoreUnavailableError } from '../errors/store-errors.ts';
import { throwIfAborted, unlessAborted } from '../lib/abort.ts';
import type { BlobRef } from '../ports/store.ts';
import { askCopies } from './ask-copies.ts';
import { causeOf } from './conclude.ts';
import type { MirrorParts } from './mirror-parts.ts';

/** @throws StoreUnavailableError when none of those that answer has it and some do not answer */
export async function hasObject(
  { copies, debts, known, settings }: MirrorParts,
  ref: BlobRef,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  if (debts.isDeleted(ref.digest)) return false;
  const asking = askCopies(copies, known.whereabouts(ref), { timeout: settings.timeout, signal });
  const { found, faults } = await unlessAborted(asking, signal);
  throwIfAborted(signal);
  if (found) return true;
  for (const { copy } of faults) copy.failed();
  if (faults.length === 0) return false;
  throw new StoreUnavailableError('Some copies do not answer', { cause: causeOf(faults) });
}
