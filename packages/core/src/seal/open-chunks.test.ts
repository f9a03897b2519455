import type { Hex } from '@medseal/protocol';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { failure } from '../../test/hospital.ts';
import { dataKeyOf, domain, openWard, sealing } from '../../test/sealed-record.ts';
import { collectBytes, toByteStream } from '../lib/byte-stream.ts';
import { sha256Hex } from '../lib/digest.ts';
import { type MemoryStore, memoryStore } from '../memory/memory-store.ts';
import { type MirroredStore, mirroredStore } from '../mirror/mirrored-store.ts';
import type { ReadableStore } from './open-chunks.ts';
import { openContent, type OpenedContent } from './open-content.ts';
import { sealContent, type SealedContent } from './seal-content.ts';

const content = Uint8Array.from({ length: 1_500_000 }, (_, at) => (at * 13 + (at >> 9)) & 255);

let copies: readonly [MemoryStore, MemoryStore, MemoryStore];
let mirror: MirroredStore;
let sealed: SealedContent;
let open: (store?: ReadableStore) => Promise<OpenedContent>;

beforeEach(async () => {
  copies = [memoryStore(), memoryStore(), memoryStore()];
  const [a, b, c] = copies;
  // Nothing is verified ahead: what the copies give is what the reader sees.
  mirror = mirroredStore({ a, b, c }, { verifyAhead: 0 });
  const ward = await openWard();
  sealed = await sealContent({ ...sealing(ward, content), store: mirror });
  await mirror.settled();
  const dataKey = dataKeyOf(ward, sealed.header);
  open = async (store = mirror) => openContent({ header: sealed.header, dataKey: await dataKey, domain, store });
});
afterEach(() => mirror[Symbol.asyncDispose]());

function damage(copy: MemoryStore, ...places: readonly number[]): void {
  const bytes = copy.blobs.get(sealed.blob.digest)?.slice() ?? new Uint8Array();
  for (const place of places) bytes[place] = (bytes[place] ?? 0) ^ 1;
  copy.blobs.set(sealed.blob.digest, bytes);
}

const held = (): readonly Hex[] =>
  copies.map(({ blobs }) => sha256Hex(blobs.get(sealed.blob.digest) ?? new Uint8Array()));

describe('a payload that some copies have damaged', () => {
  it.each([
    ['the first chunk', [[5], [], []]],
    ['the last bytes', [[1_500_300], [1_500_300], []]],
    ['several places of several copies', [[5, 700_000], [300_000, 1_100_000], [1_400_000]]],
  ])('opens whole, from chunks that are authentic: %s', async (_, places) => {
    for (const [index, copy] of copies.entries()) damage(copy, ...(places[index] ?? []));
    expect(sha256Hex(await (await open()).bytes())).toBe(sha256Hex(content));
    const range = await collectBytes(toByteStream((await open()).range(600_000, 1_200_000)));
    expect(sha256Hex(range)).toBe(sha256Hex(content.slice(600_000, 1_200_000)));
  });

  it('is healed once the reader has met the damage', async () => {
    damage(copies[0], 800_000);
    expect(sha256Hex(await collectBytes(toByteStream((await open()).range(700_000, 900_000))))).toBe(
      sha256Hex(content.slice(700_000, 900_000)),
    );
    await mirror.settled();
    expect(held()).toEqual([sealed.blob.digest, sealed.blob.digest, sealed.blob.digest]);
  });

  it.each([5, 700_000, 1_500_300])('opens from a store that compares no digests: byte %i', async (place) => {
    damage(copies[0], place);
    const plain: ReadableStore = {
      supports: { delete: 'unlink', copies: 2 },
      get: (ref, options = {}) => (copies[(options.attempt ?? 0) % 2] ?? copies[0]).get(ref, options),
    };
    expect(sha256Hex(await (await open(plain)).bytes())).toBe(sha256Hex(content));
  });

  it('does not open where no copy has a chunk that does', async () => {
    for (const copy of copies) damage(copy, 800_000);
    expect(await failure((await open()).bytes())).toMatchObject({ code: 'DECRYPTION_FAILED' });
    const opened = await open();
    expect(await failure(collectBytes(toByteStream(opened.range(790_000, 800_000))))).toMatchObject({
      code: 'DECRYPTION_FAILED',
    });
    expect(await collectBytes(toByteStream(opened.range(0, 1000)))).toEqual(content.slice(0, 1000));
  });
});
