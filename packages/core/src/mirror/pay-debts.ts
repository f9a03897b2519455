import type { CopyDebt } from '../ports/mirror-state.ts';
import type { MirrorParts } from './mirror-parts.ts';

/** Takes up the debts at which nobody works, of copies that do not rest after a fault; of all copies if so told. */
export function wakeDebts(parts: MirrorParts, { resting = false }: { readonly resting?: boolean } = {}): void {
  for (const copy of parts.copies) if (resting || !copy.resting) payDebts(parts, parts.debts.wake(copy));
}

/** Has them paid in the background. Copies that the mirror has no more are passed over. */
export function payDebts({ copies, queue }: MirrorParts, debts: readonly CopyDebt[]): void {
  for (const { copy: name, ref, task } of debts) {
    const copy = copies.find((one) => one.name === name);
    if (copy !== undefined) queue.add({ copy, ref, task });
  }
}
