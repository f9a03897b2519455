/**
 * Sealing, and our opening, from disk to disk beside other libraries and beside node:crypto by hand: throughput, and how far memory grows.
 * Each run is a process of its own; the rounds are interleaved, each begins with another contender.
 *
 *   node --conditions=@medseal/source bench/sealing-disk.ts [MiB, one or several with commas, default 256] [rounds, default 5] [parts of names …]
 */
import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { contenders, openers } from './sealing-disk-contenders.ts';

const MIB = 1024 * 1024;
const [sizes = '256', rounds = '5', ...wanted] = process.argv.slice(2);
const names = [...Object.keys(contenders), ...Object.keys(openers)].filter(
  (name) => wanted.length === 0 || wanted.some((part) => name.includes(part)),
);
const script = fileURLToPath(new URL('sealing-disk-run.ts', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'medseal-bench-'));

interface Sample {
  readonly rate: number;
  /** Seconds of processor time for 1 GiB, of all threads and of the kernel on their behalf. */
  readonly busy: number;
  readonly grown: number;
}

function makeFile(name: string, mib: number): string {
  const path = join(folder, name);
  const file = openSync(path, 'wx');
  for (let written = 0; written < mib; written++) writeSync(file, randomBytes(MIB));
  closeSync(file);
  return path;
}

let runs = 0;

function run(name: string, from: string, small: string): Sample {
  const [to, last] = [`sealed-${runs}`, `sealed-${runs - 1}`].map((part) => join(folder, part));
  runs++;
  const args = ['--conditions=@medseal/source', script, name, from, small, to ?? '', last ?? ''];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${name}: ${stderr}`);
  const { seconds, busy, grown, mib } = JSON.parse(stdout) as Record<'seconds' | 'busy' | 'grown' | 'mib', number>;
  return { rate: mib / seconds, busy: (busy * 1024) / mib, grown };
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

function measure(mib: number, small: string): void {
  const from = makeFile(`content-${mib}`, mib);
  const samples = new Map(names.map((name) => [name, [] as Sample[]]));
  const before = loadavg()[0]?.toFixed(1);
  for (let round = 0; round < Number(rounds); round++)
    for (let turn = 0; turn < names.length; turn++) {
      const name = names[(round * 5 + turn) % names.length] ?? '';
      process.stderr.write(`\r${mib} MiB, round ${round + 1} of ${rounds}: ${name.padEnd(60)}`);
      samples.get(name)?.push(run(name, from, small));
    }
  rmSync(from);
  process.stderr.write('\r'.padEnd(100) + '\r');
  console.log(`\n${mib} MiB, median of ${rounds}; load ${before} to ${loadavg()[0]?.toFixed(1)}\n`);
  console.log('| | MiB/s | least to most | CPU, s/GiB | memory, MiB |\n| --- | --: | --: | --: | --: |');
  for (const [name, taken] of samples) {
    const rates = taken.map(({ rate }) => rate);
    const range = `${Math.min(...rates).toFixed(0)} to ${Math.max(...rates).toFixed(0)}`;
    const grown = Math.max(...taken.map((sample) => sample.grown));
    const busy = median(taken.map((sample) => sample.busy)).toFixed(2);
    console.log(`| ${name} | ${median(rates).toFixed(0)} | ${range} | ${busy} | ${grown.toFixed(0)} |`);
  }
}

try {
  const small = makeFile('small', 17);
  for (const mib of sizes.split(',')) measure(Number(mib), small);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
