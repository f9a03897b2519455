import type { Hex } from '@medseal/protocol';
import type { CopyDebt, MirrorState } from '../ports/mirror-state.ts';

/** Survives the mirror, not the process. */
export function memoryMirrorState(): MirrorState {
  const owed = new Map<Hex, Map<string, CopyDebt>>();
  return {
    durable: false,
    async load({ signal } = {}) {
      signal?.throwIfAborted();
      return [...owed.values()].flatMap((debts) => [...debts.values()]);
    },
    async owe(debts) {
      for (const { copy, task, ref } of debts) {
        const ofObject = owed.get(ref.digest) ?? new Map<string, CopyDebt>();
        owed.set(ref.digest, ofObject.set(copy, { copy, task, ref: { ...ref } }));
      }
    },
    async settle(digest, copies) {
      const ofObject = owed.get(digest);
      for (const copy of copies ?? [...(ofObject?.keys() ?? [])]) ofObject?.delete(copy);
      if (ofObject?.size === 0) owed.delete(digest);
    },
    [Symbol.asyncDispose]: async () => {},
  };
}
