import type { Hex } from '@medseal/protocol';
import { AbsentError } from '../errors/store-errors.ts';
import { abortable, throwIfAborted } from '../lib/abort.ts';
import { collectBytes } from '../lib/byte-stream.ts';
import { sha256Hex } from '../lib/digest.ts';
import type { BlobRef, Store } from '../ports/store.ts';

const PIECE_BYTES = 64 * 1024;

export interface MemoryStore extends Store {
  /** What really lies there, by digest. Tests look at it, and tamper with it. */
  readonly blobs: Map<Hex, Uint8Array>;
}

/** A store for tests and examples. The same bytes are kept once. */
export function memoryStore(): MemoryStore {
  const blobs = new Map<Hex, Uint8Array>();
  async function* get({ digest }: BlobRef, signal: AbortSignal | undefined): AsyncGenerator<Uint8Array> {
    throwIfAborted(signal);
    const bytes = blobs.get(digest);
    if (bytes === undefined) throw new AbsentError('The store has no such object');
    for (let start = 0; start < bytes.length; start += PIECE_BYTES) {
      throwIfAborted(signal);
      yield bytes.slice(start, start + PIECE_BYTES);
    }
  }
  return {
    blobs,
    async put(blob, { signal } = {}) {
      const bytes = await collectBytes(abortable(blob, signal));
      throwIfAborted(signal);
      const digest = sha256Hex(bytes);
      blobs.set(digest, bytes);
      return { digest, size: bytes.length, locator: `memory:${digest.slice(2)}` };
    },
    get: (ref, { signal } = {}) => get(ref, signal),
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
