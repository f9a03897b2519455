import { createDecipheriv, hkdfSync } from 'node:crypto';
import { concat } from '@medseal/protocol';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { flipped, rejection } from '../../test/sealed-record.ts';
import { collectBytes } from '../lib/byte-stream.ts';
import { DecryptionError } from '../errors/decryption-error.ts';
import type { ChunkCipher } from '../lib/crypto-backend.ts';
import { webBackend } from '../lib/web-backend.ts';
import { CHUNK_BYTES, decryptPayload, encryptPayload, payloadCipher, type PayloadKey, sealedSize } from './payload.ts';

const key: PayloadKey = { dataKey: new Uint8Array(32).fill(1), salt: new Uint8Array(32).fill(2) };
const cipher = payloadCipher(key);
const SEALED_CHUNK = CHUNK_BYTES + 16;

async function* inPieces(bytes: Uint8Array, ...sizes: readonly number[]): AsyncGenerator<Uint8Array> {
  let start = 0;
  for (let i = 0; start < bytes.length; i++) {
    const end = start + (sizes[i % sizes.length] ?? bytes.length);
    yield bytes.subarray(start, end);
    start = end;
  }
}

function encrypt(content: Uint8Array, with_ = key): Promise<Uint8Array> {
  return collectBytes(encryptPayload(inPieces(content), payloadCipher(with_)));
}

function decrypt(sealed: Uint8Array, with_ = key): Promise<Uint8Array> {
  return collectBytes(decryptPayload(inPieces(sealed, 50_000), payloadCipher(with_)));
}

async function expectFailure(sealed: Uint8Array, with_ = key): Promise<void> {
  expect(await rejection(decrypt(sealed, with_))).toBeInstanceOf(DecryptionError);
}

/** Content whose chunks differ, and the sealed chunks. */
async function threeChunks(): Promise<{ content: Uint8Array; sealed: Uint8Array; chunks: Uint8Array[] }> {
  const content = Uint8Array.from({ length: 2 * CHUNK_BYTES + 100 }, (_, index) => index >> 8);
  const sealed = await encrypt(content);
  const chunks = [0, 1, 2].map((index) => sealed.slice(index * SEALED_CHUNK, (index + 1) * SEALED_CHUNK));
  return { content, sealed, chunks };
}

describe('payload', () => {
  it('comes back whole, however it is cut on the way', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          fc.nat(40),
          fc.integer({ min: -2, max: 2 }).map((d) => CHUNK_BYTES + d),
          fc.nat(3 * CHUNK_BYTES),
        ),
        fc.array(fc.integer({ min: 1, max: 100_000 }), { minLength: 1, maxLength: 4 }),
        async (size, cuts) => {
          const content = Uint8Array.from({ length: size }, (_, index) => index % 251);
          const sealed = await collectBytes(encryptPayload(inPieces(content, ...cuts), cipher));
          expect(sealed.length).toBe(sealedSize(size));
          expect(await collectBytes(decryptPayload(inPieces(sealed, ...cuts.toReversed()), cipher))).toEqual(content);
        },
      ),
      { numRuns: 25 },
    );
  });

  it('is what its description says, by another implementation', async () => {
    const { content, chunks } = await threeChunks();
    const info = concat(new TextEncoder().encode('medseal payload v1'), new Uint8Array(14));
    const payloadKey = new Uint8Array(hkdfSync('sha256', key.dataKey, key.salt, info, 32));
    const opened = chunks.map((chunk, index) => {
      const nonce = new Uint8Array(12);
      nonce.set([index, index === 2 ? 1 : 0], 10);
      const decipher = createDecipheriv('aes-256-gcm', payloadKey, nonce).setAuthTag(chunk.slice(-16));
      return concat(decipher.update(chunk.slice(0, -16)), decipher.final());
    });
    expect(concat(...opened)).toEqual(content);
  });

  it('hands out every chunk but the last in full', async () => {
    const { sealed } = await threeChunks();
    const sizes: number[] = [];
    for await (const piece of decryptPayload(inPieces(sealed, 999), cipher)) sizes.push(piece.length);
    expect(sizes).toEqual([CHUNK_BYTES, CHUNK_BYTES, 100]);
  });

  it('fails for every flipped byte, and for every shorter length', async () => {
    const sealed = await encrypt(new TextEncoder().encode('a small record'));
    for (let index = 0; index < sealed.length; index++) await expectFailure(flipped(sealed, index));
    for (let length = 0; length < sealed.length; length++) await expectFailure(sealed.slice(0, length));
  });

  it('fails for empty content that was altered or cut', async () => {
    const sealed = await encrypt(new Uint8Array());
    expect(sealed).toHaveLength(16);
    for (let index = 0; index < 16; index++) await expectFailure(flipped(sealed, index));
    for (let length = 0; length < 16; length++) await expectFailure(sealed.slice(0, length));
  });

  it.each<readonly [string, (chunks: readonly Uint8Array[]) => readonly (Uint8Array | undefined)[]]>([
    ['the first chunk dropped', ([, b, c]) => [b, c]],
    ['a middle chunk dropped', ([a, , c]) => [a, c]],
    ['the last chunk dropped', ([a, b]) => [a, b]],
    ['all but the first dropped', ([a]) => [a]],
    ['two chunks swapped', ([a, b, c]) => [b, a, c]],
    ['a chunk doubled', ([a, b, c]) => [a, a, b, c]],
    ['the last chunk doubled', ([a, b, c]) => [a, b, c, c]],
    ['a byte added', ([a, b, c]) => [a, b, c, Uint8Array.of(0)]],
    ['an empty chunk added', ([a, b, c]) => [a, b, c, new Uint8Array(16)]],
    ['the last byte missing', ([a, b, c]) => [a, b, c?.slice(0, -1)]],
    ['a byte of the middle missing', ([a, b, c]) => [a, b?.slice(1), c]],
  ])('fails with %s', async (_, change) => {
    const { chunks } = await threeChunks();
    await expectFailure(concat(...change(chunks).map((chunk) => chunk ?? new Uint8Array())));
  });

  it('never ends well when truncated, though authentic chunks were handed out', async () => {
    const { chunks } = await threeChunks();
    const pieces: number[] = [];
    const reading = (async (): Promise<void> => {
      const truncated = inPieces(concat(...chunks.slice(0, 2)), 4096);
      for await (const piece of decryptPayload(truncated, cipher)) pieces.push(piece.length);
    })();
    expect(await rejection(reading)).toBeInstanceOf(DecryptionError);
    expect(pieces).toEqual([CHUNK_BYTES]);
  });

  it('fails with a chunk of another payload in its place', async () => {
    const { content, chunks } = await threeChunks();
    const other = await encrypt(content, { ...key, salt: new Uint8Array(32) });
    const [first = new Uint8Array(), , last = new Uint8Array()] = chunks;
    await expectFailure(concat(first, other.slice(SEALED_CHUNK, 2 * SEALED_CHUNK), last));
  });

  it('refuses non-empty content that ends in an empty chunk', async () => {
    const { chunks } = await threeChunks();
    const [first = new Uint8Array()] = chunks;
    const info = concat(new TextEncoder().encode('medseal payload v1'), new Uint8Array(14));
    const raw = hkdfSync('sha256', key.dataKey, key.salt, info, 32);
    const cipherKey = await crypto.subtle.importKey('raw', raw, 'AES-GCM', false, ['encrypt']);
    const iv = new Uint8Array(12);
    iv.set([1, 1], 10);
    const empty = new Uint8Array(await crypto.subtle.encrypt({ name: 'AES-GCM', iv }, cipherKey, new Uint8Array()));
    await expectFailure(concat(first, empty));
  });

  it('fails under another key or salt', async () => {
    const sealed = await encrypt(new TextEncoder().encode('a small record'));
    await expectFailure(sealed, { ...key, dataKey: new Uint8Array(32) });
    await expectFailure(sealed, { ...key, salt: new Uint8Array(32) });
  });

  it('is the same through WebCrypto, with several chunks in flight', async () => {
    const web = payloadCipher(key, webBackend());
    const { content, sealed, chunks } = await threeChunks();
    for (const size of [sealed.length, 70_000, 1]) {
      if (size > 1) expect(await collectBytes(encryptPayload(inPieces(content, size), web))).toEqual(sealed);
      expect(await collectBytes(decryptPayload(inPieces(sealed, Math.max(size, 4096)), web))).toEqual(content);
    }
    for (const wrong of [
      flipped(sealed, 5),
      flipped(sealed, SEALED_CHUNK + 5),
      sealed.slice(0, -1),
      concat(...chunks.slice(0, 2)),
    ])
      for (const size of [wrong.length, 4096])
        expect(await rejection(collectBytes(decryptPayload(inPieces(wrong, size), web)))).toBeInstanceOf(
          DecryptionError,
        );
  });

  it('hands out nothing of a run of chunks of which one was altered, and wipes it', async () => {
    const { sealed } = await threeChunks();
    const outs: Uint8Array[] = [];
    const watching: ChunkCipher = {
      ...cipher,
      decrypt(nonce, chunk, out) {
        outs.push(out);
        return cipher.decrypt(nonce, chunk, out);
      },
    };
    const pieces: Uint8Array[] = [];
    const reading = (async (): Promise<void> => {
      const altered = flipped(sealed, SEALED_CHUNK + 5);
      for await (const piece of decryptPayload(inPieces(concat(altered, altered)), watching)) pieces.push(piece);
    })();
    expect(await rejection(reading)).toBeInstanceOf(DecryptionError);
    expect(pieces).toEqual([]);
    expect(outs.length).toBeGreaterThan(1);
    for (const out of outs) expect(out.some((byte) => byte !== 0)).toBe(false);
  });

  it('takes the key at the call', async () => {
    const own = { dataKey: Uint8Array.from(key.dataKey), salt: Uint8Array.from(key.salt) };
    const stream = encryptPayload(inPieces(new Uint8Array(5)), payloadCipher(own));
    own.dataKey.fill(0);
    expect(await decrypt(await collectBytes(stream))).toEqual(new Uint8Array(5));
  });

  it('passes errors of its source through', async () => {
    const outage = new Error('connection lost');
    async function* broken(): AsyncGenerator<Uint8Array> {
      yield new Uint8Array(10);
      throw outage;
    }
    expect(await rejection(collectBytes(decryptPayload(broken(), cipher)))).toBe(outage);
    expect(await rejection(collectBytes(encryptPayload(broken(), cipher)))).toBe(outage);
  });
});
