import { DecryptionError } from '../errors/decryption-error.ts';
import type { ChunkCipher } from '../lib/crypto-backend.ts';
import type { ByteRange } from '../lib/require-range.ts';
import type { CallOptions } from '../ports/call-options.ts';
import type { BlobRef, Store } from '../ports/store.ts';
import { CHUNK_BYTES, chunkCount, decryptPayload, SEALED_CHUNK_BYTES } from './payload.ts';

export interface RangeSource {
  readonly store: Pick<Store, 'get'>;
  readonly blob: BlobRef;
  readonly cipher: ChunkCipher;
  /** Bytes of the content. */
  readonly size: number;
}

/**
 * Some of the content, from the chunks that hold it and no others. Every byte is authentic and in its place; the digests
 * of payload and content, which only the whole can have, are not looked at.
 *
 * @throws DecryptionError while it is read, where a chunk was altered or is missing.
 */
export async function* openRange(
  { store, blob, cipher, size }: RangeSource,
  { start, end }: ByteRange,
  { signal }: CallOptions,
): AsyncGenerator<Uint8Array> {
  if (start === end) return;
  const first = Math.floor(start / CHUNK_BYTES);
  const behind = Math.ceil(end / CHUNK_BYTES);
  const toEnd = behind === chunkCount(size);
  const ciphertext = store.get(blob, {
    signal,
    reuse: true,
    start: first * SEALED_CHUNK_BYTES,
    end: toEnd ? blob.size : behind * SEALED_CHUNK_BYTES,
  });
  let position = first * CHUNK_BYTES;
  for await (const piece of decryptPayload(ciphertext, cipher, { signal, span: { first, toEnd } })) {
    const wanted = piece.subarray(Math.max(0, start - position), Math.max(0, end - position));
    position += piece.length;
    if (wanted.length > 0) yield wanted;
  }
  if (position !== Math.min(behind * CHUNK_BYTES, size)) throw new DecryptionError();
}
