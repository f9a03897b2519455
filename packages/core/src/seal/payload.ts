import { DecryptionError } from '../errors/decryption-error.ts';
import { abortable } from '../lib/abort.ts';
import { decryptWith, encryptWith, importCipherKey, TAG_BYTES } from '../lib/aead.ts';
import { deriveKey } from '../lib/kdf.ts';
import { wipe } from '../lib/wipe.ts';
import type { CallOptions } from '../ports/call-options.ts';

/** Plaintext bytes of every chunk but the last. */
export const CHUNK_BYTES: number = 64 * 1024;

export interface PayloadKey {
  readonly dataKey: Uint8Array;
  /** 32 random bytes, fresh for every payload. */
  readonly salt: Uint8Array;
}

/**
 * Encrypts a stream in chunks, after the STREAM construction (Hoang, Reyhanitabar, Rogaway, Vizár 2015): AES-256-GCM
 * under HKDF(data key, salt), nonce = chunk number (11 bytes, big-endian) ‖ 1 for the last chunk, else 0. A chunk
 * dropped, moved, doubled or added leaves a nonce that does not fit. Only empty content ends in an empty chunk.
 *
 * The key is taken at the call; the caller may wipe it then.
 */
export function encryptPayload(
  content: AsyncIterable<Uint8Array>,
  key: PayloadKey,
  { signal }: CallOptions = {},
): AsyncIterable<Uint8Array> {
  return encryptChunks(abortable(content, signal), importPayloadKey(key, 'encrypt'));
}

/**
 * Decrypts what `encryptPayload` made. Each piece handed out is authentic and in its place; that it is the whole content
 * is known only when the stream ends without an error. Errors of the source pass through.
 *
 * The key is taken at the call; the caller may wipe it then.
 *
 * @throws DecryptionError while it is read, where anything was altered, dropped, moved or added.
 */
export function decryptPayload(
  ciphertext: AsyncIterable<Uint8Array>,
  key: PayloadKey,
  { signal }: CallOptions = {},
): AsyncIterable<Uint8Array> {
  return decryptChunks(abortable(ciphertext, signal), importPayloadKey(key, 'decrypt'));
}

/** Bytes of the payload for content of this many bytes. */
export function sealedSize(size: number): number {
  return size + TAG_BYTES * Math.max(1, Math.ceil(size / CHUNK_BYTES));
}

function importPayloadKey({ dataKey, salt }: PayloadKey, usage: 'encrypt' | 'decrypt'): Promise<CryptoKey> {
  const key = deriveKey(dataKey, 'medseal payload v1', { salt });
  const imported = importCipherKey(key, usage);
  wipe(key);
  return imported;
}

async function* encryptChunks(
  content: AsyncIterable<Uint8Array>,
  importing: Promise<CryptoKey>,
): AsyncGenerator<Uint8Array> {
  const key = await importing;
  let index = 0;
  for await (const { bytes, last } of chunksOf(content, CHUNK_BYTES)) {
    yield await encryptWith(key, chunkNonce(index, last), bytes);
    index += 1;
  }
}

async function* decryptChunks(
  ciphertext: AsyncIterable<Uint8Array>,
  importing: Promise<CryptoKey>,
): AsyncGenerator<Uint8Array> {
  const key = await importing;
  let index = 0;
  for await (const { bytes, last } of chunksOf(ciphertext, CHUNK_BYTES + TAG_BYTES)) {
    const plaintext = await decryptWith(key, chunkNonce(index, last), bytes);
    if (plaintext.length === 0 && index > 0) throw new DecryptionError();
    yield plaintext;
    index += 1;
  }
}

interface Chunk {
  /** Valid until the next chunk is asked for. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly last: boolean;
}

/** Cuts a stream into chunks of `size`; only the last may be shorter, and there always is one. */
async function* chunksOf(source: AsyncIterable<Uint8Array>, size: number): AsyncGenerator<Chunk> {
  const buffer = new Uint8Array(size);
  let filled = 0;
  try {
    for await (const piece of source) {
      for (let taken = 0; taken < piece.length;) {
        if (filled === size) {
          yield { bytes: buffer, last: false };
          filled = 0;
        }
        const part = piece.subarray(taken, taken + size - filled);
        buffer.set(part, filled);
        filled += part.length;
        taken += part.length;
      }
    }
    yield { bytes: buffer.subarray(0, filled), last: true };
  } finally {
    wipe(buffer);
  }
}

function chunkNonce(index: number, last: boolean): Uint8Array<ArrayBuffer> {
  const nonce = new Uint8Array(12);
  new DataView(nonce.buffer).setBigUint64(3, BigInt(index));
  nonce[11] = last ? 1 : 0;
  return nonce;
}
