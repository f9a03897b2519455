/**
 * Sealing and opening from disk to disk with the command `medseal`: throughput, and how far memory grows.
 *
 *   node --conditions=@medseal/source bench/sealing-disk.ts [MiB, default 1024]
 */
import { randomBytes } from 'node:crypto';
import { createReadStream, createWriteStream, mkdtempSync, rmSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { run } from '@medseal/cli';

const MIB = 1024 * 1024;
const size = Number(process.argv[2] ?? 1024);
const folder = mkdtempSync(join(tmpdir(), 'medseal-bench-'));
const at = (name: string): string => join(folder, name);

async function medseal(...args: readonly string[]): Promise<string> {
  let out = '';
  const code = await run(args, {
    env: {},
    stdin: process.stdin as AsyncIterable<Uint8Array>,
    async writeOut(bytes) {
      out += Buffer.from(bytes).toString();
    },
    say: (line) => void process.stderr.write(`${line}\n`),
    ask: () => Promise.resolve(undefined),
    signal: new AbortController().signal,
  });
  if (code !== 0) throw new Error(`medseal ${args[0]} ended with ${code}`);
  return out.trim();
}

async function measure(name: string, work: () => Promise<unknown>): Promise<void> {
  const before = process.memoryUsage.rss();
  let most = before;
  const sampling = setInterval(() => {
    most = Math.max(most, process.memoryUsage.rss());
  }, 10);
  const started = performance.now();
  await work();
  const seconds = (performance.now() - started) / 1000;
  clearInterval(sampling);
  const rate = (size / seconds).toFixed(0);
  console.log(`${name.padEnd(28)} ${rate.padStart(6)} MiB/s, memory grew by ${((most - before) / MIB).toFixed(0)} MiB`);
}

try {
  const file = await open(at('content'), 'wx');
  const piece = randomBytes(MIB);
  for (let written = 0; written < size; written++) await file.write(piece);
  await file.sync();
  await file.close();
  const publicKey = await medseal('keygen', '-o', at('key'));
  // Compiles the code, so that memory is measured and not the start of the program.
  await pipeline(createReadStream(at('content'), { end: 16 * MIB - 1 }), createWriteStream(at('small')));
  await medseal('seal', '-r', publicKey, '-o', at('small.sealed'), at('small'));
  await medseal('open', '-k', at('key'), '-o', at('small.opened'), at('small.sealed'));
  console.log(`${size} MiB, disk to disk`);
  await measure('medseal seal', () => medseal('seal', '-r', publicKey, '-o', at('sealed'), at('content')));
  await measure('medseal open', () => medseal('open', '-k', at('key'), '-o', at('opened'), at('sealed')));
  const options = { highWaterMark: MIB };
  await measure('copy through Node streams', () =>
    pipeline(createReadStream(at('content'), options), createWriteStream(at('copy'), options)),
  );
} finally {
  rmSync(folder, { recursive: true, force: true });
}
