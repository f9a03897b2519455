/**
 * A mirror of file stores beside one file store, and beside plain copies of the same file with one SHA-256; everything
 * that is written ends in an fsync. In turns, medians. CPU is that of all threads of this process.
 *
 *   node --conditions=@medseal/source bench/mirror.ts [MiB, default 64] [copies, default 3] [rounds, default 9]
 */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileStore, sqliteMirrorState } from '@medseal/adapter-local';
import { mirroredStore } from '@medseal/core';
import type { BlobRef } from '@medseal/core/adapter';

const MIB = 1024 * 1024;
const [size = 64, copies = 3, rounds = 9] = process.argv.slice(2).map(Number);
const folder = await mkdtemp(join(tmpdir(), 'medseal-bench-'));
const at = (name: string): string => join(folder, name);
const numbers = Array.from({ length: copies }, (_, number) => number);
const single = fileStore({ directory: at('single') });
const stores = numbers.map((number) => fileStore({ directory: at(`copy-${number}`) }));
const state = sqliteMirrorState({ path: at('state') });
const mirror = mirroredStore(Object.fromEntries(stores.map((store, number) => [`copy-${number}`, store])), { state });

interface Work {
  /** Before the clock runs. */
  readonly prepare?: (ref: BlobRef) => Promise<void>;
  readonly run: (ref: BlobRef) => Promise<unknown>;
}

interface Measured {
  /** Milliseconds. */
  readonly took: number;
  readonly cpu: number;
}

const content = (): AsyncIterable<Uint8Array> => createReadStream(at('content'), { highWaterMark: MIB });

/** Nothing is there, and nothing of earlier work is left for the next fsync to do. */
async function clear(ref: BlobRef): Promise<void> {
  for (const number of numbers) await rm(at(`plain-${number}`), { force: true });
  for (const store of [single, ...stores]) await store.delete(ref);
  const file = await open(at('scratch'), 'w');
  await file.write('scratch');
  await file.sync();
  await file.close();
}

/** Each piece to all files at the same time, hashed meanwhile. */
async function writePlain(): Promise<void> {
  const files = await Promise.all(numbers.map((number) => open(at(`plain-${number}`), 'w')));
  const hash = createHash('sha256');
  for await (const piece of content()) {
    const writing = files.map((file) => file.write(piece));
    hash.update(piece);
    await Promise.all(writing);
  }
  hash.digest();
  await Promise.all(files.map((file) => file.sync()));
  await Promise.all(files.map((file) => file.close()));
}

async function hashed(source: AsyncIterable<Uint8Array>): Promise<void> {
  const hash = createHash('sha256');
  for await (const piece of source) hash.update(piece);
  hash.digest();
}

async function drain(source: AsyncIterable<Uint8Array>): Promise<void> {
  for await (const _ of source);
}

async function putEverywhere(digest?: BlobRef['digest']): Promise<void> {
  await mirror.put(content(), digest === undefined ? {} : { digest: () => digest });
  await mirror.settled();
}

const writing: Readonly<Record<string, Work>> = {
  [`${copies} plain copies + SHA-256`]: { prepare: clear, run: writePlain },
  'put, one file store': { prepare: clear, run: () => single.put(content()) },
  'put, mirror, at a quorum': { prepare: clear, run: () => mirror.put(content()) },
  'put, mirror, at all copies': { prepare: clear, run: () => putEverywhere() },
  'the same, digest given': { prepare: clear, run: ({ digest }) => putEverywhere(digest) },
  'delete, mirror': { run: (ref) => mirror.delete(ref) },
};

const reading: Readonly<Record<string, Work>> = {
  'plain read + SHA-256': { run: () => hashed(content()) },
  'get, one file store + SHA-256': { run: (ref) => hashed(single.get(ref, { reuse: true })) },
  'get, mirror, which verifies': { run: (ref) => drain(mirror.get(ref, { reuse: true })) },
  'get, mirror, all but a byte': { run: (ref) => drain(mirror.get(ref, { start: 1, reuse: true })) },
};

async function measure({ prepare, run }: Work, ref: BlobRef): Promise<Measured> {
  await prepare?.(ref);
  const cpu = process.cpuUsage();
  const started = performance.now();
  await run(ref);
  const took = performance.now() - started;
  // What goes on behind it belongs to its CPU's time.
  await mirror.settled();
  const { user, system } = process.cpuUsage(cpu);
  return { took, cpu: (user + system) / 1000 };
}

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1] ?? NaN;

async function compare(works: Readonly<Record<string, Work>>, ref: BlobRef): Promise<void> {
  const results = new Map<string, Measured[]>();
  for (let round = -1; round < rounds; round++) {
    for (const [name, work] of Object.entries(works)) {
      const measured = await measure(work, ref);
      // The round before the first compiles the code.
      if (round >= 0) results.set(name, [...(results.get(name) ?? []), measured]);
    }
  }
  const floor = median([...results.values()][0]?.map(({ took }) => took) ?? []);
  for (const [name, all] of results) {
    const took = median(all.map((one) => one.took));
    const cpu = median(all.map((one) => one.cpu));
    console.log(
      `${name.padEnd(30)} ${took.toFixed(0).padStart(5)} ms  ${((size / took) * 1000).toFixed(0).padStart(6)} MiB/s  ` +
        `${(took / floor).toFixed(2)} × the first  ${cpu.toFixed(0).padStart(5)} ms CPU`,
    );
  }
}

try {
  const file = await open(at('content'), 'wx');
  for (let written = 0; written < size; written++) await file.write(Buffer.alloc(MIB, written));
  await file.sync();
  await file.close();
  const ref = await single.put(content());
  console.log(`${size} MiB, ${copies} copies, medians of ${rounds} rounds`);
  await compare(writing, ref);
  await single.put(content());
  await putEverywhere();
  await compare(reading, ref);
} finally {
  await mirror[Symbol.asyncDispose]();
  await state[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
}
