import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { Worker } from 'node:worker_threads';
import { toHex } from '@medseal/protocol';
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { DecryptionError } from '../src/errors/decryption-error.ts';
import { useHashThread } from '../src/lib/ciphertext-hash.ts';
import { sha256Hex } from '../src/lib/digest.ts';
import { memoryStore } from '../src/memory/memory-store.ts';
import { openContent, type OpenedContent } from '../src/seal/open-content.ts';
import { sealContent } from '../src/seal/seal-content.ts';
import { dataKeyOf, domain, flipped, openWard, rejection, sealing, type Ward } from './sealed-record.ts';

const MIB = 1024 * 1024;
const words = 'a diagnosis that nobody else may read; ';
const content = new Uint8Array(33 * MIB).fill(1);
for (let at = 0; at < content.length; at += MIB) content.set(new TextEncoder().encode(words), at);

/** What goes to a thread, while it still is as it was sent. */
const sent: Uint8Array[] = [];
const originalPost = Reflect.get<Worker, 'postMessage'>(Worker.prototype, 'postMessage');
let ward: Ward;

beforeAll(async () => {
  ward = await openWard();
});

beforeEach(() => {
  useHashThread();
  vi.spyOn(Worker.prototype, 'postMessage').mockImplementation(function post(this: Worker, message: unknown) {
    const { bytes } = message as { bytes?: Uint8Array };
    if (bytes !== undefined) sent.push(Uint8Array.from(bytes));
    originalPost.call(this, message);
  });
});

afterEach(() => {
  useHashThread(false);
  vi.restoreAllMocks();
  sent.length = 0;
  ward.store.blobs.clear();
});

async function open(
  header: Uint8Array,
  options: Partial<Parameters<typeof openContent>[0]> = {},
): Promise<OpenedContent> {
  return openContent({ header, dataKey: await dataKeyOf(ward, header), store: ward.store, domain, ...options });
}

async function* inPieces(length = content.length): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < length; at += MIB) yield content.slice(at, at + MIB);
}

describe('a large record, hashed on a second thread', () => {
  it.each([
    ['bytes', () => content],
    ['a blob', () => new Blob([content])],
    ['a stream', () => inPieces()],
  ])('is sealed from %s, and opened, as without', async (_, make) => {
    const sealed = await sealContent(sealing(ward, make()));
    const payload = ward.store.blobs.get(sealed.payloadDigest) ?? new Uint8Array();
    expect(sealed.payloadDigest).toBe(sha256Hex(payload));
    expect(Buffer.concat(sent).equals(payload)).toBe(true);

    const withThread = await (await open(sealed.header)).bytes();
    useHashThread(false);
    const without = await (await open(sealed.header)).bytes();
    for (const opened of [withThread, without]) expect(Buffer.from(opened).equals(content)).toBe(true);
  });

  it('sends ciphertext and nothing else to the thread', async () => {
    const sealed = await sealContent(sealing(ward, content));
    const dataKey = await dataKeyOf(ward, sealed.header);
    await (await open(sealed.header)).bytes();
    const all = Buffer.concat(sent);
    const payload = ward.store.blobs.get(sealed.payloadDigest) ?? new Uint8Array();
    expect(all.equals(Buffer.concat([payload, payload]))).toBe(true);
    expect(all.includes(words)).toBe(false);
    expect(all.includes(Buffer.from(dataKey))).toBe(false);
  });

  it('opens nothing that was altered, cut, or exchanged for the payload of the same content', async () => {
    const sealed = await sealContent(sealing(ward, content));
    const payload = ward.store.blobs.get(sealed.payloadDigest) ?? new Uint8Array();
    const other = await sealContent(sealing(ward, content));
    const swapped = ward.store.blobs.get(other.payloadDigest) ?? new Uint8Array();
    for (const bad of [flipped(payload, payload.length - 1), flipped(payload, 0), payload.slice(0, -1), swapped]) {
      const store = {
        async *get(): AsyncGenerator<Uint8Array> {
          for (let at = 0; at < bad.length; at += MIB) yield bad.subarray(at, at + MIB);
        },
      };
      expect(await rejection((await open(sealed.header, { store })).bytes())).toBeInstanceOf(DecryptionError);
    }
  });

  it('stops when aborted, with the signal’s reason, and leaves nothing behind', async () => {
    for (const source of [content, inPieces()]) {
      const abort = new AbortController();
      const store = memoryStore();
      const reason = new Error('enough');
      const sealing33 = sealContent({
        ...sealing(ward, source),
        store,
        signal: abort.signal,
        onProgress: (bytes) => bytes >= 20 * MIB && abort.abort(reason),
      });
      expect(await rejection(sealing33)).toBe(reason);
      expect(store.blobs.size).toBe(0);
    }
    const sealed = await sealContent(sealing(ward, content));
    const abort = new AbortController();
    const reason = new Error('enough');
    const opened = await open(sealed.header, {
      signal: abort.signal,
      onProgress: (bytes) => bytes >= 20 * MIB && abort.abort(reason),
    });
    expect(await rejection(opened.bytes())).toBe(reason);
  });

  it('is not stored when its thread dies', async () => {
    const store = memoryStore();
    let dead = false;
    vi.spyOn(Worker.prototype, 'postMessage').mockImplementation(function die(this: Worker) {
      if (!dead) void this.terminate();
      dead = true;
    });
    const sealed = sealContent({ ...sealing(ward, inPieces()), store });
    expect(await rejection(sealed)).toMatchObject({ message: 'The thread that hashes has ended' });
    expect(store.blobs.size).toBe(0);
  });
});

describe('a small record', () => {
  it('never goes to a thread', async () => {
    const small = content.subarray(0, 15 * MIB);
    for (const one of [small, inPieces(15 * MIB)])
      await (await open((await sealContent(sealing(ward, one))).header)).bytes();
    expect(sent).toHaveLength(0);
  });
});

it('no thread is used any more once the program says so', async () => {
  expect(useHashThread(false)).toBe(false);
  const sealed = await sealContent(sealing(ward, content));
  expect(sealed.payloadDigest).toBe(sha256Hex(ward.store.blobs.get(sealed.payloadDigest) ?? new Uint8Array()));
  expect(sent).toHaveLength(0);
});

it('a platform without threads says so, and hashes all the same', async () => {
  vi.resetModules();
  vi.stubGlobal('process', { getBuiltinModule: () => undefined });
  const fresh = await import('../src/lib/ciphertext-hash.ts');
  expect(fresh.useHashThread()).toBe(false);
  const hash = fresh.ciphertextHash(content.length);
  vi.unstubAllGlobals();
  await hash.update(content.subarray(0, 1000));
  expect(toHex(await hash.digest())).toBe(sha256Hex(content.subarray(0, 1000)));
  expect(sent).toHaveLength(0);
});

it('a program that hashed on a thread ends at once', async () => {
  const script = fileURLToPath(new URL('fixtures/hash-on-a-thread.ts', import.meta.url));
  // Where it waited for its thread, or for a timer, it would never end: the test's own limit ends it then.
  const run = promisify(execFile)(process.execPath, ['--conditions=@medseal/source', script], { timeout: 19_000 });
  expect((await run).stdout.trim()).toBe(sha256Hex(new Uint8Array(40 * MIB)));
});
