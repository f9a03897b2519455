import type { ViewStore } from '../ports/view-store.ts';

/** Survives the view, not the process: for tests, and for views that are opened again within one process. */
export function memoryViewStore(): ViewStore {
  const held: Uint8Array[] = [];
  let last: Uint8Array | undefined;
  return {
    async checkpoint({ signal } = {}) {
      signal?.throwIfAborted();
      return last?.slice();
    },
    async *load({ signal } = {}) {
      for (const entry of held.slice()) {
        signal?.throwIfAborted();
        yield entry.slice();
      }
    },
    async append(at, entries, checkpoint) {
      if (at !== held.length) return false;
      for (const entry of entries) held.push(entry.slice());
      last = checkpoint.slice();
      return true;
    },
    async clear() {
      held.length = 0;
      last = undefined;
    },
    [Symbol.asyncDispose]: async () => {},
  };
}
