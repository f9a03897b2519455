import { DecryptionError } from '../errors/decryption-error.ts';
import type { ByteRange } from '../lib/require-range.ts';
import type { CallOptions } from '../ports/call-options.ts';
import { openChunks, type PayloadSource } from './open-chunks.ts';
import { CHUNK_BYTES } from './payload.ts';

/**
 * Some of the content, from the chunks that hold it and no others. Every byte is authentic and in its place; the digests
 * of payload and content, which only the whole can have, are not looked at.
 *
 * @throws DecryptionError while it is read, where a chunk was altered or is missing.
 */
export async function* openRange(
  source: PayloadSource,
  { start, end }: ByteRange,
  options: CallOptions,
): AsyncGenerator<Uint8Array> {
  if (start === end) return;
  const first = Math.floor(start / CHUNK_BYTES);
  const behind = Math.ceil(end / CHUNK_BYTES);
  let position = first * CHUNK_BYTES;
  for await (const piece of openChunks(source, { first, behind }, options)) {
    const wanted = piece.subarray(Math.max(0, start - position), Math.max(0, end - position));
    position += piece.length;
    if (wanted.length > 0) yield wanted;
  }
  if (position !== Math.min(behind * CHUNK_BYTES, source.size)) throw new DecryptionError();
}
