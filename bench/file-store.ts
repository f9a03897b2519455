/**
 * The file store beside a plain copy of the same file with SHA-256, both ending in an fsync: in turns, medians.
 *
 *   node --conditions=@medseal/source bench/file-store.ts [MiB, default 1024] [rounds, default 7]
 */
import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { fileStore } from '@medseal/adapter-local';

const MIB = 1024 * 1024;
const [size = 1024, rounds = 7] = process.argv.slice(2).map(Number);
const folder = await mkdtemp(join(tmpdir(), 'medseal-bench-'));
const at = (name: string): string => join(folder, name);
const store = fileStore({ directory: at('store') });

interface Measured {
  readonly rate: number;
  readonly grown: number;
}

async function measure(work: () => Promise<unknown>): Promise<Measured> {
  const before = process.memoryUsage.rss();
  let most = before;
  const sampling = setInterval(() => {
    most = Math.max(most, process.memoryUsage.rss());
  }, 10);
  const started = performance.now();
  await work();
  const seconds = (performance.now() - started) / 1000;
  clearInterval(sampling);
  return { rate: size / seconds, grown: (most - before) / MIB };
}

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1] ?? NaN;

/** The source's pieces to a file that survives a crash, hashed on the way. */
async function write(source: AsyncIterable<Uint8Array>, name: string): Promise<void> {
  const hash = createHash('sha256');
  async function* hashed(): AsyncGenerator<Uint8Array> {
    for await (const piece of source) {
      hash.update(piece);
      yield piece;
    }
  }
  await pipeline(hashed, createWriteStream(at(name), { highWaterMark: MIB, flush: true }));
  hash.digest();
}

const content = (): AsyncIterable<Uint8Array> => createReadStream(at('content'), { highWaterMark: MIB });

try {
  const file = await open(at('content'), 'wx');
  for (let written = 0; written < size; written++) await file.write(Buffer.alloc(MIB, written));
  await file.sync();
  await file.close();
  const ref = await store.put(content());
  const work = {
    'copy + SHA-256': () => write(content(), 'copy'),
    put: () => store.put(content()),
    'put, digest given': () => store.put(content(), { digest: () => ref.digest }),
    'get + SHA-256 to a file': () => write(store.get(ref), 'copy'),
  };
  const results = new Map<string, Measured[]>();
  for (let round = -1; round < rounds; round++) {
    for (const [name, run] of Object.entries(work)) {
      const measured = await measure(run);
      await rm(at('copy'), { force: true });
      // The round before the first compiles the code.
      if (round >= 0) results.set(name, [...(results.get(name) ?? []), measured]);
    }
  }
  const floor = median(results.get('copy + SHA-256')?.map(({ rate }) => rate) ?? []);
  console.log(`${size} MiB, medians of ${rounds} rounds`);
  for (const [name, measured] of results) {
    const rate = median(measured.map((one) => one.rate));
    const grown = Math.max(...measured.map((one) => one.grown));
    console.log(
      `${name.padEnd(26)} ${rate.toFixed(0).padStart(5)} MiB/s  ${(rate / floor).toFixed(2)} ×  ` +
        `memory grew by at most ${grown.toFixed(0)} MiB`,
    );
  }
} finally {
  await rm(folder, { recursive: true, force: true });
}
