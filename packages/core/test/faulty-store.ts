import { StoreUnavailableError } from '../src/errors/store-errors.ts';
import { memoryStore, type MemoryStore } from '../src/memory/memory-store.ts';
import type { CallOptions } from '../src/ports/call-options.ts';
import type { Store } from '../src/ports/store.ts';

/**
 * - `hang`: takes every call and answers none, deaf to signals.
 * - `refuse`: every call fails.
 * - `full`: takes 100,000 bytes of an object and then fails; reads.
 * - `stop`: reads 100,000 bytes of an object and then hangs.
 * - `lie`: keeps other bytes than it is given, under their digest.
 * - `keep`: keeps what it has under a digest, whole or not.
 */
export type StoreFault = 'hang' | 'refuse' | 'full' | 'stop' | 'lie' | 'keep';

export interface FaultyStore extends Store {
  /** What really lies there. */
  readonly memory: MemoryStore;
  fault: StoreFault | undefined;
  /** Milliseconds that it takes for each call and each piece. */
  delay: number;
  /** Bytes that it took of streams. */
  taken: number;
}

const FEW = 100_000;

/** A store in memory that does what a test tells it. */
export function faultyStore(): FaultyStore {
  const memory = memoryStore();
  async function answer({ signal }: CallOptions = {}): Promise<void> {
    if (faulty.fault === 'hang') await new Promise(() => {});
    if (faulty.fault === 'refuse') throw new StoreUnavailableError('The test refuses');
    if (faulty.delay > 0) await new Promise((resolve) => setTimeout(resolve, faulty.delay));
    signal?.throwIfAborted();
  }
  async function* taking(blob: AsyncIterable<Uint8Array>, options: CallOptions): AsyncGenerator<Uint8Array> {
    let bytes = 0;
    for await (const piece of blob) {
      bytes += piece.length;
      faulty.taken += piece.length;
      if (faulty.fault === 'full' && bytes > FEW) throw new StoreUnavailableError('The test’s disk is full');
      yield faulty.fault === 'lie' ? new Uint8Array(piece.length) : piece;
      await answer(options);
    }
  }
  async function* giving(blob: AsyncIterable<Uint8Array>, options: CallOptions): AsyncGenerator<Uint8Array> {
    await answer(options);
    let bytes = 0;
    for await (const piece of blob) {
      bytes += piece.length;
      if (faulty.fault === 'stop' && bytes > FEW) await new Promise(() => {});
      yield piece;
      await answer(options);
    }
  }
  const faulty: FaultyStore = {
    supports: memory.supports,
    memory,
    fault: undefined,
    delay: 0,
    taken: 0,
    async put(blob, options = {}) {
      await answer(options);
      const kept = new Map(memory.blobs);
      const ref = await memory.put(taking(blob, options), options);
      if (faulty.fault === 'keep') for (const [digest, bytes] of kept) memory.blobs.set(digest, bytes);
      return ref;
    },
    get: (ref, options = {}) => giving(memory.get(ref, options), options),
    async has(ref, options = {}) {
      await answer(options);
      return memory.has(ref, options);
    },
    async delete(ref, options = {}) {
      await answer(options);
      await memory.delete(ref, options);
    },
    [Symbol.asyncDispose]: () => memory[Symbol.asyncDispose](),
  };
  return faulty;
}
