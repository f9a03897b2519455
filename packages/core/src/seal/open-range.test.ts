import { concat } from '@medseal/protocol';
import fc from 'fast-check';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { dataKeyOf, domain, flipped, openWard, rejection, seal, type Ward } from '../../test/sealed-record.ts';
import { DecryptionError } from '../errors/decryption-error.ts';
import { collectBytes, toByteStream } from '../lib/byte-stream.ts';
import type { ReadOptions, Store } from '../ports/store.ts';
import { type OpenedContent, openContent } from './open-content.ts';
import { CHUNK_BYTES, SEALED_CHUNK_BYTES } from './payload.ts';
import type { SealedContent } from './seal-content.ts';

const SIZE = 3 * CHUNK_BYTES + 1000;
const content = Uint8Array.from({ length: SIZE }, (_, index) => (index * 31) ^ (index >> 8));

let ward: Ward;
let sealed: SealedContent;
beforeAll(async () => {
  ward = await openWard();
  sealed = await seal(ward, content);
});

async function open(store: Store = ward.store, signal?: AbortSignal): Promise<OpenedContent> {
  const { header } = sealed;
  return openContent({ header, dataKey: await dataKeyOf(ward, header), store, domain, signal });
}

function read(opened: OpenedContent, start: number, end: number): Promise<Uint8Array> {
  return collectBytes(toByteStream(opened.range(start, end)));
}

/** A store that gives other ciphertext for a range than it should. */
function lying(lie: (bytes: Uint8Array) => Uint8Array): Store {
  const { store } = ward;
  async function* get(...[ref, options]: Parameters<Store['get']>): AsyncGenerator<Uint8Array> {
    yield lie(await collectBytes(store.get(ref, options)));
  }
  return { ...store, get };
}

describe('a range of the content', () => {
  it('is the same bytes as in the whole', async () => {
    const opened = await open();
    const edges = fc.constantFrom(0, 1, CHUNK_BYTES - 1, CHUNK_BYTES, CHUNK_BYTES + 1, 2 * CHUNK_BYTES, SIZE - 1, SIZE);
    const place = fc.oneof(edges, fc.nat(SIZE));
    await fc.assert(
      fc.asyncProperty(place, place, async (a, b) => {
        const [start, end] = [Math.min(a, b), Math.max(a, b)];
        expect(Buffer.compare(await read(opened, start, end), content.subarray(start, end))).toBe(0);
      }),
      { numRuns: 60 },
    );
    expect(await opened.bytes()).toEqual(content);
  });

  it('reads only the chunks that hold it', async () => {
    const asked: ReadOptions[] = [];
    const store: Store = {
      ...ward.store,
      get(ref, options = {}) {
        asked.push({ start: options.start, end: options.end });
        return ward.store.get(ref, options);
      },
    };
    const opened = await open(store);
    await read(opened, CHUNK_BYTES + 5, CHUNK_BYTES + 6);
    await read(opened, CHUNK_BYTES - 1, CHUNK_BYTES + 1);
    await read(opened, SIZE - 1, SIZE);
    await read(opened, 7, 7);
    expect(asked).toEqual([
      { start: SEALED_CHUNK_BYTES, end: 2 * SEALED_CHUNK_BYTES },
      { start: 0, end: 2 * SEALED_CHUNK_BYTES },
      { start: 3 * SEALED_CHUNK_BYTES, end: sealed.blob.size },
    ]);
  });

  it('must lie within the content', async () => {
    const opened = await open();
    for (const [start, end] of [
      [-1, 5],
      [5, 4],
      [0, SIZE + 1],
      [0.5, 1],
      [0, Number.NaN],
    ] as const)
      expect(() => opened.range(start, end)).toThrow(RangeError);
  });

  it.each<readonly [string, (bytes: Uint8Array) => Uint8Array]>([
    ['altered', (bytes) => flipped(bytes, 9)],
    ['cut', (bytes) => bytes.slice(0, -1)],
    ['cut by a chunk', (bytes) => bytes.slice(0, SEALED_CHUNK_BYTES)],
    ['empty', () => new Uint8Array()],
    ['longer', (bytes) => concat(bytes, Uint8Array.of(0))],
    ['longer by a chunk', (bytes) => concat(bytes, bytes.slice(0, SEALED_CHUNK_BYTES))],
    ['in another order', (bytes) => concat(bytes.slice(SEALED_CHUNK_BYTES), bytes.slice(0, SEALED_CHUNK_BYTES))],
  ])('fails where the store gives it %s', async (_, lie) => {
    const opened = await open(lying(lie));
    for (const start of [0, CHUNK_BYTES, 2 * CHUNK_BYTES]) {
      const end = Math.min(start + 2 * CHUNK_BYTES, SIZE);
      expect(await rejection(read(opened, start, end))).toBeInstanceOf(DecryptionError);
    }
  });

  it('stops when aborted while the store keeps silent', async () => {
    const abort = new AbortController();
    async function* silent(): AsyncGenerator<Uint8Array> {
      setTimeout(() => abort.abort(new Error('enough')), 5);
      await new Promise(() => {});
      yield new Uint8Array();
    }
    const opened = await open({ ...ward.store, get: silent }, abort.signal);
    expect(await rejection(read(opened, 0, 10))).toBe(abort.signal.reason);
  });
});

it('opening reports progress, in bytes of the content', async () => {
  const onProgress = vi.fn<(bytes: number) => void>();
  const { header } = sealed;
  const dataKey = await dataKeyOf(ward, header);
  const opened = await openContent({ header, dataKey, store: ward.store, domain, onProgress });
  await opened.bytes();
  const told = onProgress.mock.calls.map(([bytes]) => bytes);
  expect(told.at(-1)).toBe(SIZE);
  expect(told).toEqual(told.toSorted((a, b) => a - b));
  expect(told.length).toBeGreaterThan(1);
});
