import type { Hex } from '@medseal/protocol';
import { throwIfAborted } from '../lib/abort.ts';
import { equalBytes } from '../lib/equal-bytes.ts';
import type { Directory, DirectoryKind } from '../ports/directory.ts';

export interface MemoryDirectory extends Directory {
  /** Everything that really lies there. Tests look at it. */
  objects(): readonly Uint8Array[];
}

/** A directory for tests and examples. */
export function memoryDirectory(): MemoryDirectory {
  const held = new Map<string, readonly Uint8Array[]>();
  const slot = (kind: DirectoryKind, id: Hex): string => `${kind}/${id}`;
  const at = (kind: DirectoryKind, id: Hex): readonly Uint8Array[] => held.get(slot(kind, id)) ?? [];
  return {
    objects: () => [...held.values()].flat(),
    async put(kind, id, bytes, { signal } = {}) {
      throwIfAborted(signal);
      const present = at(kind, id);
      if (present.some((object) => equalBytes(object, bytes))) return;
      held.set(slot(kind, id), [...present, Uint8Array.from(bytes)]);
    },
    async get(kind, id, { signal } = {}) {
      throwIfAborted(signal);
      return at(kind, id).map((object) => Uint8Array.from(object));
    },
    async delete(kind, id, { signal } = {}) {
      throwIfAborted(signal);
      held.delete(slot(kind, id));
    },
    async [Symbol.asyncDispose]() {
      held.clear();
    },
  };
}
