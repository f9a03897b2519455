import { DecryptionError } from '../errors/decryption-error.ts';
import { UnfaithfulStoreError } from '../errors/store-errors.ts';
import type { ChunkCipher } from '../lib/crypto-backend.ts';
import type { CallOptions } from '../ports/call-options.ts';
import type { BlobRef, ReadOptions, Store } from '../ports/store.ts';
import { CHUNK_BYTES, chunkCount, decryptPayload, SEALED_CHUNK_BYTES } from './payload.ts';

/** What is read of a store; how many copies it has is told where it has several. */
export type ReadableStore = Pick<Store, 'get'> & Partial<Pick<Store, 'supports'>>;

export interface PayloadSource {
  readonly store: ReadableStore;
  readonly blob: BlobRef;
  readonly cipher: ChunkCipher;
  /** Bytes of the content. */
  readonly size: number;
}

/** Numbers of chunks. */
export interface ChunkInterval {
  readonly first: number;
  /** The one behind the last. */
  readonly behind: number;
}

export interface OpenChunksOptions extends CallOptions {
  /** What the ciphertext passes through, each time that some of it is read. */
  readonly through?: ((ciphertext: AsyncIterable<Uint8Array>) => AsyncIterable<Uint8Array>) | undefined;
}

/**
 * Opens some chunks of a payload. Where one does not open, nothing of it has been handed out yet: a store with several
 * copies is asked for another copy's, from there on.
 *
 * @throws DecryptionError where no copy has a chunk that opens, and what the store throws
 */
export async function* openChunks(
  source: PayloadSource,
  { first, behind }: ChunkInterval,
  { signal, through = (ciphertext) => ciphertext }: OpenChunksOptions,
): AsyncGenerator<Uint8Array> {
  const copies = source.store.supports?.copies ?? 1;
  const toEnd = behind === chunkCount(source.size);
  let next = first;
  let failedAt = -1;
  let failures = 0;
  for (let attempt = 0; ; attempt++) {
    const ciphertext = through(readChunks(source, { first: next, behind }, { signal, attempt }));
    try {
      for await (const piece of decryptPayload(ciphertext, source.cipher, { signal, span: { first: next, toEnd } })) {
        next += Math.max(1, Math.ceil(piece.length / CHUNK_BYTES));
        yield piece;
      }
      return;
    } catch (error) {
      failures = next === failedAt ? failures + 1 : 1;
      failedAt = next;
      if (copies === 1 || failures > copies || !isDamage(error)) throw error;
    }
  }
}

/** A chunk that does not open, or the store's own word that what it gave was not the object. */
function isDamage(error: unknown): boolean {
  return error instanceof DecryptionError || error instanceof UnfaithfulStoreError;
}

function readChunks(
  { store, blob, size }: PayloadSource,
  { first, behind }: ChunkInterval,
  { signal, attempt }: ReadOptions,
): AsyncIterable<Uint8Array> {
  const toEnd = behind === chunkCount(size);
  const options = { signal, reuse: true, attempt };
  if (first === 0 && toEnd) return store.get(blob, options);
  const end = toEnd ? blob.size : behind * SEALED_CHUNK_BYTES;
  return store.get(blob, { ...options, start: first * SEALED_CHUNK_BYTES, end });
}
