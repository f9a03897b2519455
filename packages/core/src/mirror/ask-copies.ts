import type { BlobRef } from '../ports/store.ts';
import type { CopyFault } from './conclude.ts';
import type { AskOptions, Copy } from './copy.ts';
import { within } from './deadline.ts';

export interface Answers {
  readonly found: boolean;
  /** Copies that did not answer, as far as that was waited for. */
  readonly faults: readonly CopyFault[];
}

/** Asks all copies at once for an object, and waits until one has it or all have ended. */
export async function askCopies(copies: readonly Copy[], ref: BlobRef, options: AskOptions): Promise<Answers> {
  const { timeout, signal } = options;
  const faults: CopyFault[] = [];
  const asking = copies.map(async (copy) => {
    const has = await within(timeout, copy.store.has(copy.refOf(ref), { signal })).catch((error: unknown) => {
      faults.push({ copy, error });
      return false;
    });
    if (!has) throw new Error('Not here');
    return true;
  });
  const found = await Promise.any(asking).catch(() => false);
  return { found, faults };
}
