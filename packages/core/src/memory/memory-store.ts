import type { Hex } from '@medseal/protocol';
import { AbsentError } from '../errors/store-errors.ts';
import { abortable, throwIfAborted } from '../lib/abort.ts';
import { collectBytes } from '../lib/byte-stream.ts';
import { sha256Hex } from '../lib/digest.ts';
import { requireRange } from '../lib/require-range.ts';
import type { BlobRef, ReadOptions, Store } from '../ports/store.ts';

const PIECE_BYTES = 64 * 1024;

export interface MemoryStore extends Store {
  /** What really lies there, by digest. Tests look at it, and tamper with it. */
  readonly blobs: Map<Hex, Uint8Array>;
}

/** A store for tests and examples. The same bytes are kept once. */
export function memoryStore(): MemoryStore {
  const blobs = new Map<Hex, Uint8Array>();
  async function* get({ digest }: BlobRef, { signal, start = 0, end }: ReadOptions): AsyncGenerator<Uint8Array> {
    throwIfAborted(signal);
    const bytes = blobs.get(digest);
    if (bytes === undefined) throw new AbsentError('The store has no such object');
    const range = requireRange(start, end ?? bytes.length, bytes.length);
    for (let from = range.start; from < range.end; from += PIECE_BYTES) {
      throwIfAborted(signal);
      yield bytes.slice(from, Math.min(from + PIECE_BYTES, range.end));
    }
  }
  return {
    supports: { delete: 'erase' },
    blobs,
    async put(blob, { signal, digest: known } = {}) {
      const bytes = await collectBytes(abortable(blob, signal));
      throwIfAborted(signal);
      const digest = known?.() ?? sha256Hex(bytes);
      blobs.set(digest, bytes);
      return { digest, size: bytes.length, locator: `memory:${digest.slice(2)}` };
    },
    get: (ref, options = {}) => get(ref, options),
    async has({ digest }, { signal } = {}) {
      throwIfAborted(signal);
      return blobs.has(digest);
    },
    async delete({ digest }, { signal } = {}) {
      throwIfAborted(signal);
      blobs.delete(digest);
    },
    async [Symbol.asyncDispose]() {
      blobs.clear();
    },
  };
}
