import { DecryptionError } from '../errors/decryption-error.ts';
import { abortable } from '../lib/abort.ts';
import { TAG_BYTES } from '../lib/aead.ts';
import type { BufferPool } from '../lib/buffer-pool.ts';
import type { ChunkCipher, CryptoBackend } from '../lib/crypto-backend.ts';
import { deriveKey } from '../lib/kdf.ts';
import { platformBackend } from '../lib/platform-backend.ts';
import { wipe } from '../lib/wipe.ts';
import type { CallOptions } from '../ports/call-options.ts';
import { bytesOf, chunkRuns, type ChunkRun } from './chunk-runs.ts';

/** Plaintext bytes of every chunk but the last. */
export const CHUNK_BYTES: number = 64 * 1024;

/** Payload bytes of every chunk but the last. */
export const SEALED_CHUNK_BYTES: number = CHUNK_BYTES + TAG_BYTES;

export interface PayloadKey {
  readonly dataKey: Uint8Array;
  /** 32 random bytes, fresh for every payload. */
  readonly salt: Uint8Array;
}

/** Which chunks a piece of a payload consists of. */
export interface ChunkSpan {
  /** Number of the first chunk, from 0. */
  readonly first: number;
  /** Whether the payload's last chunk is the last of these. */
  readonly toEnd: boolean;
}

const WHOLE: ChunkSpan = { first: 0, toEnd: true };

/** The cipher for one payload. The key is taken at the call; the caller may wipe it then. */
export function payloadCipher({ dataKey, salt }: PayloadKey, backend: CryptoBackend = platformBackend()): ChunkCipher {
  const key = deriveKey(dataKey, 'medseal payload v1', { salt });
  const cipher = backend.cipher(key);
  wipe(key);
  return cipher;
}

/**
 * Encrypts a stream in chunks, after the STREAM construction (Hoang, Reyhanitabar, Rogaway, Vizár 2015): AES-256-GCM
 * under HKDF(data key, salt), nonce = chunk number (11 bytes, big-endian) ‖ 1 for the last chunk, else 0. A chunk
 * dropped, moved, doubled or added leaves a nonce that does not fit. Only empty content ends in an empty chunk. Pieces
 * come out of the pool, or are the reader's to keep.
 */
export async function* encryptPayload(
  content: AsyncIterable<Uint8Array>,
  cipher: ChunkCipher,
  { signal, pool }: CallOptions & { readonly pool?: BufferPool } = {},
): AsyncGenerator<Uint8Array> {
  let index = 0;
  for await (const run of chunkRuns(abortable(content, signal), CHUNK_BYTES)) {
    const length = bytesOf(run) + TAG_BYTES * run.chunks.length;
    const sealed = pool?.take(length) ?? new Uint8Array(length);
    await eachChunk(run, (chunk, at, last) => {
      const start = at * SEALED_CHUNK_BYTES;
      const out = sealed.subarray(start, start + chunk.length + TAG_BYTES);
      return cipher.encrypt(chunkNonce(index + at, last), chunk, out);
    });
    index += run.chunks.length;
    yield sealed;
  }
}

/**
 * Decrypts what `encryptPayload` made, or a span of its chunks. Each piece handed out is authentic and in its place;
 * that they are all is known only when the stream ends without an error. Errors of the source pass through.
 *
 * @throws DecryptionError while it is read, where anything was altered, dropped, moved or added.
 */
export async function* decryptPayload(
  ciphertext: AsyncIterable<Uint8Array>,
  cipher: ChunkCipher,
  { signal, span = WHOLE }: CallOptions & { readonly span?: ChunkSpan } = {},
): AsyncGenerator<Uint8Array> {
  let index = span.first;
  for await (const run of chunkRuns(abortable(ciphertext, signal), SEALED_CHUNK_BYTES)) {
    const plain = new Uint8Array(Math.max(0, bytesOf(run) - TAG_BYTES * run.chunks.length));
    await eachChunk(run, (chunk, at, last) => {
      const length = chunk.length - TAG_BYTES;
      const number = index + at;
      // An empty chunk is the whole of empty content, or somebody's addition.
      if (length < 0 || (length === 0 && number > 0)) throw new DecryptionError();
      const start = at * CHUNK_BYTES;
      const out = plain.subarray(start, start + length);
      return cipher.decrypt(chunkNonce(number, last && span.toEnd), chunk, out);
    }).catch((error: unknown) => {
      wipe(plain);
      throw error;
    });
    index += run.chunks.length;
    yield plain;
  }
}

/** Bytes of the payload for content of this many bytes. */
export function sealedSize(size: number): number {
  return size + TAG_BYTES * chunkCount(size);
}

/** Chunks of content of this many bytes: at least one. */
export function chunkCount(size: number): number {
  return Math.max(1, Math.ceil(size / CHUNK_BYTES));
}

/** Starts on every chunk before it waits for any, so that an asynchronous cipher has several in flight. */
async function eachChunk(
  { chunks, last }: ChunkRun,
  work: (chunk: Uint8Array, at: number, last: boolean) => Promise<void> | void,
): Promise<void> {
  const working = chunks.map(async (chunk, at) => work(chunk, at, last && at === chunks.length - 1));
  // All, also after a failure: nothing may write any more into a buffer that is wiped.
  const failed = (await Promise.allSettled(working)).find((result) => result.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
}

function chunkNonce(index: number, last: boolean): Uint8Array {
  const nonce = new Uint8Array(12);
  new DataView(nonce.buffer).setBigUint64(3, BigInt(index));
  nonce[11] = last ? 1 : 0;
  return nonce;
}
