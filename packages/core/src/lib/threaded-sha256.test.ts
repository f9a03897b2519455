import { createHash } from 'node:crypto';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { Worker } from 'node:worker_threads';
import { describe, expect, it, onTestFinished } from 'vitest';
import { rejection } from '../../test/sealed-record.ts';
import type { PacedHash } from './crypto-backend.ts';
import { digesting, sha256Hex } from './digest.ts';
import { HashThread, type WorkerThreads } from './hash-thread.ts';
import { platformBackend } from './platform-backend.ts';
import { threadedSha256 } from './threaded-sha256.ts';

const MIB = 1024 * 1024;
const here = (): ReturnType<ReturnType<typeof platformBackend>['sha256']> => platformBackend().sha256();

interface Watched {
  readonly thread: HashThread;
  /** All that were ever started. */
  readonly started: Worker[];
}

function watchedThread(idleMilliseconds?: number): Watched {
  const started: Worker[] = [];
  class Watching extends Worker {
    constructor(code: string, options: object) {
      super(code, options);
      started.push(this);
    }
  }
  onTestFinished(async () => {
    await Promise.all(started.map(async (worker) => worker.terminate()));
  });
  return { thread: new HashThread({ Worker: Watching }, idleMilliseconds), started };
}

async function hashInPieces(hash: PacedHash, bytes: Uint8Array, size: number): Promise<string> {
  for (let at = 0; at < bytes.length; at += size) {
    const piece = bytes.slice(at, at + size);
    await hash.update(piece);
    // A source may use its buffer again.
    piece.fill(0);
  }
  const digest = await hash.digest();
  hash.dispose?.();
  return Buffer.from(digest).toString('hex');
}

function expected(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

function counted(length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  const words = new Uint32Array(bytes.buffer, 0, Math.floor(length / 4));
  for (let i = 0; i < words.length; i++) words[i] = i * 0x9e37_79b1;
  return bytes;
}

const ended = async (worker: Worker): Promise<void> =>
  new Promise((resolve) => {
    worker.on('exit', () => resolve());
  });

describe('SHA-256 on a second thread', () => {
  it.each([
    [0, true, 0],
    [1000, true, 0],
    [MIB - 1, true, 0],
    [MIB, true, 1],
    [3 * MIB + 5, true, 1],
    [40 * MIB + 1, true, 1],
    [5 * MIB + 5, false, 0],
    [16 * MIB - 1, false, 0],
    [16 * MIB, false, 1],
    [40 * MIB + 1, false, 1],
  ])('is the same for %i bytes, asked for at once: %s, with %i threads', async (length, atOnce, threads) => {
    const { thread, started } = watchedThread();
    const bytes = counted(length);
    expect(await hashInPieces(threadedSha256({ thread, here, atOnce }), bytes, 700_001)).toBe(expected(bytes));
    expect(started).toHaveLength(threads);
  });

  it('serves several at a time, with one thread', async () => {
    const { thread, started } = watchedThread();
    const contents = [3, 20, 33].map((mib) => counted(mib * MIB + mib));
    const digests = await Promise.all(
      contents.map(async (bytes) => hashInPieces(threadedSha256({ thread, here, atOnce: true }), bytes, MIB / 2)),
    );
    expect(digests).toEqual(contents.map((bytes) => expected(bytes)));
    expect(started).toHaveLength(1);
  });

  it('hashes here where the platform allows no thread', async () => {
    // As under `node --permission`.
    const Refusing = function refuse(): never {
      throw new Error('Access to this API has been restricted');
    };
    const thread = new HashThread({ Worker: Refusing } as unknown as WorkerThreads);
    for (const atOnce of [true, false]) {
      const bytes = counted(17 * MIB + 3);
      expect(await hashInPieces(threadedSha256({ thread, here, atOnce }), bytes, 5 * MIB)).toBe(expected(bytes));
    }
  });

  it('fails when the thread dies, and starts another for the next', async () => {
    const { thread, started } = watchedThread();
    const hash = threadedSha256({ thread, here, atOnce: true });
    await hash.update(counted(2 * MIB));
    const [worker] = started;
    if (worker === undefined) throw new Error('There is no thread');
    const dead = ended(worker);
    await worker.terminate();
    await dead;
    expect(await rejection((async () => hash.digest())())).toMatchObject({
      message: 'The thread that hashes has ended',
    });
    expect(await rejection((async () => hash.update(counted(20 * MIB)))())).toBeInstanceOf(Error);
    hash.dispose?.();
    const bytes = counted(2 * MIB);
    expect(await hashInPieces(threadedSha256({ thread, here, atOnce: true }), bytes, MIB)).toBe(expected(bytes));
    expect(started).toHaveLength(2);
  });

  it('fails who waits for the digest when the thread dies', async () => {
    const { thread, started } = watchedThread();
    const hash = threadedSha256({ thread, here, atOnce: true });
    await hash.update(counted(16 * MIB));
    const waiting = rejection((async () => hash.digest())());
    await started[0]?.terminate();
    expect(await waiting).toMatchObject({ message: 'The thread that hashes has ended' });
  });

  it('ends the thread when nobody has used it for a while, and not before', async () => {
    const { thread, started } = watchedThread(20);
    const open = threadedSha256({ thread, here, atOnce: true });
    await open.update(counted(MIB));
    await hashInPieces(threadedSha256({ thread, here, atOnce: true }), counted(MIB), MIB);
    await new Promise((resolve) => setTimeout(resolve, 60));
    expect(started[0]?.threadId).toBeGreaterThan(0);
    const [worker] = started;
    if (worker === undefined) throw new Error('There is no thread');
    const end = ended(worker);
    expect(Buffer.from(await open.digest()).toString('hex')).toBe(expected(counted(MIB)));
    open.dispose?.();
    await end;
    await hashInPieces(threadedSha256({ thread, here, atOnce: true }), counted(MIB), MIB);
    expect(started).toHaveLength(2);
  });

  it('is let go of by a stream that ends early, fails, or is dropped', async () => {
    setFlagsFromString('--expose-gc');
    const collectGarbage = runInNewContext('gc') as () => void;
    const { thread, started } = watchedThread(20);
    async function* endless(): AsyncGenerator<Uint8Array> {
      for (;;) yield counted(MIB);
    }
    async function* failing(): AsyncGenerator<Uint8Array> {
      yield counted(2 * MIB);
      throw new Error('no more');
    }
    const stream = (source: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> =>
      digesting(source, threadedSha256({ thread, here, atOnce: true })).stream;
    for await (const piece of stream(endless())) if (piece.length === MIB) break;
    await expect(Array.fromAsync(stream(failing()))).rejects.toThrow('no more');
    await stream(endless())[Symbol.asyncIterator]().next();

    const [worker] = started;
    if (worker === undefined) throw new Error('There is no thread');
    const collecting = setInterval(collectGarbage, 10);
    await ended(worker);
    clearInterval(collecting);
    expect(started).toHaveLength(1);
  });

  it('digests a stream as the hash of this thread does', async () => {
    const { thread } = watchedThread();
    async function* pieces(): AsyncGenerator<Uint8Array> {
      for (let mib = 0; mib < 20; mib++) yield counted(MIB + mib);
    }
    const digested = digesting(pieces(), threadedSha256({ thread, here, atOnce: false }));
    const whole = Buffer.concat(await Array.fromAsync(digested.stream));
    expect(digested.result()).toEqual({ digest: sha256Hex(whole), size: whole.length });
  });
});
