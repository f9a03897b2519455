import type { BlobRef, ReadOptions } from '@medseal/core/adapter';
import { sha256 } from '@noble/hashes/sha2.js';
import { concat, toHex } from '@medseal/protocol';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { bytesOf, rejectionOf } from './suite-helpers.ts';
import type { StoreDriver, StoreUnderTest, SuiteOptions } from './store-driver.ts';

const PIECE = 64 * 1024;
const LARGE = 12 * 1024 * 1024 + 7;

async function* inPieces(bytes: Uint8Array, size: number = PIECE): AsyncGenerator<Uint8Array> {
  for (let start = 0; start < bytes.length; start += size) yield bytes.slice(start, start + size);
}

/** What every store adapter must do, as vitest tests. Call it at the top of a test file. */
export function storeSuite(
  name: string,
  makeDriver: () => Promise<StoreDriver>,
  { timeout = 30_000, startTimeout = 60_000 }: SuiteOptions = {},
): void {
  describe(`${name} as a store`, { timeout }, () => {
    let driver: StoreDriver;
    let tested: StoreUnderTest;
    beforeAll(async () => {
      driver = await makeDriver();
    }, startTimeout);
    afterAll(async () => {
      await driver[Symbol.asyncDispose]();
    }, startTimeout);
    beforeEach(async () => {
      tested = await driver.create();
    }, startTimeout);
    afterEach(async () => {
      await tested[Symbol.asyncDispose]();
    }, startTimeout);
    testRoundTrips(() => tested);
    testRanges(() => tested);
    testAbsence(() => tested);
    testFailedPuts(() => tested);
    testAborts(() => tested);
  });
}

async function readAll({ store }: StoreUnderTest, ref: BlobRef, options?: ReadOptions): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  for await (const piece of store.get(ref, options)) pieces.push(Uint8Array.from(piece));
  return concat(...pieces);
}

function testRoundTrips(tested: () => StoreUnderTest): void {
  it.each([0, 1, 1000, PIECE, PIECE + 1, LARGE])('gives %i bytes back, under their digest', async (size) => {
    const bytes = bytesOf(size, 1);
    const ref = await tested().store.put(inPieces(bytes));
    expect({ digest: ref.digest, size: ref.size }).toEqual({ digest: toHex(sha256(bytes)), size });
    expect(await tested().store.has(ref)).toBe(true);
    const read = await readAll(tested(), ref);
    expect(read.length).toBe(size);
    expect(toHex(sha256(read))).toBe(ref.digest);
  });

  it('takes pieces of any length, empty ones too', async () => {
    const bytes = bytesOf(10_000, 2);
    async function* pieces(): AsyncGenerator<Uint8Array> {
      yield new Uint8Array();
      yield bytes.slice(0, 1);
      yield new Uint8Array();
      yield bytes.slice(1);
      yield new Uint8Array();
    }
    const ref = await tested().store.put(pieces());
    expect(await readAll(tested(), ref)).toEqual(bytes);
  });

  it('asks its caller for the digest only when the stream has ended', async () => {
    const bytes = bytesOf(10_000, 18);
    let ended = false;
    async function* pieces(): AsyncGenerator<Uint8Array> {
      yield* inPieces(bytes, 1000);
      ended = true;
    }
    const digest = (): `0x${string}` => {
      expect(ended).toBe(true);
      return toHex(sha256(bytes));
    };
    const ref = await tested().store.put(pieces(), { digest });
    expect({ digest: ref.digest, size: ref.size }).toEqual({ digest: toHex(sha256(bytes)), size: bytes.length });
    expect(await readAll(tested(), ref)).toEqual(bytes);
  });

  it('keeps nothing of a buffer that its source uses again', async () => {
    const buffer = new Uint8Array(1000);
    async function* reusing(): AsyncGenerator<Uint8Array> {
      for (let value = 1; value <= 200; value++) yield buffer.fill(value);
    }
    const ref = await tested().store.put(reusing());
    const expected = Uint8Array.from({ length: 200_000 }, (_, index) => 1 + Math.floor(index / 1000));
    expect(ref.digest).toBe(toHex(sha256(expected)));
    expect(toHex(sha256(await readAll(tested(), ref)))).toBe(ref.digest);
  });

  it('stores exactly what it was given', async () => {
    const [a, b] = [bytesOf(100, 3), bytesOf(200, 4)];
    await tested().store.put(inPieces(a));
    await tested().store.put(inPieces(b));
    const objects = await tested().objects();
    expect(objects.toSorted((x, y) => x.length - y.length).map((object) => Uint8Array.from(object))).toEqual([a, b]);
  });

  it('takes the same bytes twice', async () => {
    const bytes = bytesOf(5000, 5);
    const first = await tested().store.put(inPieces(bytes));
    const second = await tested().store.put(inPieces(bytes, 7));
    expect(second.digest).toBe(first.digest);
    for (const ref of [first, second]) expect(await readAll(tested(), ref)).toEqual(bytes);
  });

  it('keeps objects apart that are put and read at the same time', async () => {
    const contents = Array.from({ length: 12 }, (_, index) => bytesOf(1000 * index, index));
    const refs = await Promise.all(contents.map((bytes) => tested().store.put(inPieces(bytes, 333))));
    const read = await Promise.all(refs.map((ref) => readAll(tested(), ref)));
    expect(read).toEqual(contents);
  });

  it('hands out memory that the reader may change', async () => {
    const bytes = bytesOf(3000, 6);
    const ref = await tested().store.put(inPieces(bytes));
    for await (const piece of tested().store.get(ref)) piece.fill(0);
    expect(await readAll(tested(), ref)).toEqual(bytes);
  });

  it('serves on after a reader has left early', async () => {
    const bytes = bytesOf(40 * PIECE, 7);
    const ref = await tested().store.put(inPieces(bytes));
    let seen = 0;
    for await (const piece of tested().store.get(ref)) {
      seen = piece.length;
      break;
    }
    expect(seen).toBeGreaterThan(0);
    expect(toHex(sha256(await readAll(tested(), ref)))).toBe(ref.digest);
  });
}

function testRanges(tested: () => StoreUnderTest): void {
  const size = 3 * PIECE + 7;
  const bytes = bytesOf(size, 17);
  it.each([
    [0, size],
    [0, 1],
    [1, 2],
    [PIECE - 1, PIECE + 1],
    [PIECE, 2 * PIECE],
    [5, size - 5],
    [size - 1, size],
    [0, 0],
    [100, 100],
    [size, size],
  ])('gives the bytes from %i to %i', async (start, end) => {
    const ref = await tested().store.put(inPieces(bytes));
    expect(await readAll(tested(), ref, { start, end })).toEqual(bytes.slice(start, end));
  });

  it('reads from a place to the end, and from the beginning to a place', async () => {
    const ref = await tested().store.put(inPieces(bytes));
    expect(await readAll(tested(), ref, { start: PIECE + 3 })).toEqual(bytes.slice(PIECE + 3));
    expect(await readAll(tested(), ref, { end: PIECE + 3 })).toEqual(bytes.slice(0, PIECE + 3));
  });

  it('refuses what is no range of the object', async () => {
    const ref = await tested().store.put(inPieces(bytes));
    for (const range of [{ start: -1 }, { start: 2, end: 1 }, { end: size + 1 }, { start: size + 1 }, { start: 0.5 }])
      expect(await rejectionOf(readAll(tested(), ref, range))).toBeInstanceOf(RangeError);
  });

  it('has no range of an object that is absent', async () => {
    const ref = await tested().store.put(inPieces(bytes));
    await tested().store.delete(ref);
    for (const range of [
      { start: 1, end: 5 },
      { start: 3, end: 3 },
    ])
      expect(await rejectionOf(readAll(tested(), ref, range))).toMatchObject({ name: 'AbsentError' });
  });
}

function testAbsence(tested: () => StoreUnderTest): void {
  it('deletes one object and no other; then it is absent, which is no outage', async () => {
    const gone = await tested().store.put(inPieces(bytesOf(100, 8)));
    const kept = await tested().store.put(inPieces(bytesOf(100, 9)));
    await tested().store.delete(gone);
    expect(await tested().store.has(gone)).toBe(false);
    expect(await tested().store.has(kept)).toBe(true);
    const error = await rejectionOf(readAll(tested(), gone));
    expect(error).toMatchObject({ name: 'AbsentError', code: 'ABSENT', retryable: false });
    expect(await readAll(tested(), kept)).toEqual(bytesOf(100, 9));
  });

  it('deletes what is not there without a word', async () => {
    const ref = await tested().store.put(inPieces(bytesOf(100, 10)));
    await tested().store.delete(ref);
    await expect(tested().store.delete(ref)).resolves.toBeUndefined();
  });

  it('takes again what was deleted', async () => {
    const bytes = bytesOf(100, 11);
    await tested().store.delete(await tested().store.put(inPieces(bytes)));
    const ref = await tested().store.put(inPieces(bytes));
    expect(await readAll(tested(), ref)).toEqual(bytes);
  });
}

function testFailedPuts(tested: () => StoreUnderTest): void {
  it.each([0, 1, 40])('leaves nothing visible when its source fails after %i pieces', async (pieces) => {
    const before = await tested().store.put(inPieces(bytesOf(50, 12)));
    const failure = new Error('the source failed');
    async function* failing(): AsyncGenerator<Uint8Array> {
      for (let piece = 0; piece < pieces; piece++) yield bytesOf(PIECE, piece);
      throw failure;
    }
    expect(await rejectionOf(tested().store.put(failing()))).toBe(failure);
    expect(await tested().objects()).toHaveLength(1);
    expect(await readAll(tested(), before)).toEqual(bytesOf(50, 12));
  });
}

function testAborts(tested: () => StoreUnderTest): void {
  const reason = new Error('enough');

  it('does nothing when aborted before', async () => {
    const ref = await tested().store.put(inPieces(bytesOf(50, 13)));
    const { store } = tested();
    const signal = AbortSignal.abort(reason);
    const reading = async (): Promise<void> => {
      for await (const piece of store.get(ref, { signal })) expect(piece).toBeUndefined();
    };
    expect(await rejectionOf(store.put(inPieces(bytesOf(60, 14)), { signal }))).toBe(reason);
    expect(await rejectionOf(store.has(ref, { signal }))).toBe(reason);
    expect(await rejectionOf(reading())).toBe(reason);
    expect(await rejectionOf(store.delete(ref, { signal }))).toBe(reason);
    expect(await tested().objects()).toHaveLength(1);
  });

  it('leaves nothing visible when a put is aborted, also while the source keeps silent', async () => {
    const abort = new AbortController();
    async function* silent(): AsyncGenerator<Uint8Array> {
      yield bytesOf(PIECE, 15);
      setTimeout(() => abort.abort(reason), 10);
      await new Promise(() => {});
    }
    expect(await rejectionOf(tested().store.put(silent(), { signal: abort.signal }))).toBe(reason);
    expect(await tested().objects()).toHaveLength(0);
  });

  it('ends a read that is aborted', async () => {
    const ref = await tested().store.put(inPieces(bytesOf(LARGE, 16)));
    const abort = new AbortController();
    let read = 0;
    const reading = async (): Promise<void> => {
      for await (const piece of tested().store.get(ref, { signal: abort.signal })) {
        read += piece.length;
        abort.abort(reason);
      }
    };
    expect(await rejectionOf(reading())).toBe(reason);
    expect(read).toBeGreaterThan(0);
    expect(read).toBeLessThan(LARGE);
  });
}
