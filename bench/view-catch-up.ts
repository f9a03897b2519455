/**
 * How long a reader takes to catch up with a long log, by what it takes on trust; each way in a process of its own.
 *
 *   node --conditions=@medseal/source bench/view-catch-up.ts [entries, default 100000]
 */
import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { nativeRecovery, sqliteViewStore, wasmKeccak } from '@medseal/adapter-local';
import { LedgerView, type LedgerViewOptions, signSnapshot, type ViewStore } from '@medseal/core';
import { memorySigner } from '@medseal/protocol';
import { ledgerOf, viewLog } from './view-log.ts';

const ways = ['noble', 'native', 'saved', 'resumed', 'snapshot'] as const;
const titles: Readonly<Record<(typeof ways)[number], string>> = {
  noble: 'signatures checked, noble',
  native: 'signatures checked, libsecp256k1 and hash-wasm',
  saved: 'the same, and saved to SQLite',
  snapshot: 'a trusted snapshot of all',
  resumed: 'from its own store in SQLite',
};
const length = Number(process.argv[2] ?? 100_000);
const way = ways.find((name) => name === process.argv[3]);
const path = fileURLToPath(new URL(`../.cache/bench/view-store-${length}`, import.meta.url));
const signer = memorySigner(new Uint8Array(32).fill(5));
const MIB = 1024 * 1024;

async function optionsOf(store: ViewStore): Promise<LedgerViewOptions> {
  const native = { recover: await nativeRecovery(), keccak256: await wasmKeccak() };
  if (way === 'saved' || way === 'resumed') return { ...native, store, onStoreFault: console.error };
  if (way === 'snapshot') {
    const other = new LedgerView(ledgerOf(await viewLog(length)), native);
    await other.sync();
    return { ...native, trust: { snapshots: [await signSnapshot(other, signer)], signers: [signer.address] } };
  }
  return way === 'native' ? native : {};
}

async function held(): Promise<number> {
  // Twice: what the first finds outside the heap is only given back afterwards.
  for (let times = 0; times < 2; times++) {
    globalThis.gc?.();
    await new Promise((resolve) => setImmediate(resolve));
  }
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

async function measure(): Promise<void> {
  if (way === 'saved') for (const part of ['', '-wal', '-shm']) rmSync(path + part, { force: true });
  await using store = sqliteViewStore(path);
  const options = await optionsOf(store);
  const ledger = ledgerOf(await viewLog(length));
  const before = await held();
  const view = new LedgerView(ledger, options);
  const [started, usage] = [performance.now(), process.cpuUsage()];
  await (way === 'resumed' ? view.resume() : view.sync());
  const seconds = (performance.now() - started) / 1000;
  if (view.entries.length !== length) throw new Error(`The view has ${view.entries.length} entries`);
  const { user, system } = process.cpuUsage(usage);
  const cpu = (user + system) / 1e6;
  const memory = (((await held()) - before) / MIB).toFixed(0);
  const figures = [seconds.toFixed(1), cpu.toFixed(1), (length / cpu).toFixed(0), memory];
  console.log(`| ${titles[way ?? 'noble']} | ${figures.join(' | ')} |`);
}

if (way !== undefined) await measure();
else {
  await viewLog(length);
  console.log(
    `| ${length} entries | seconds | of CPU | entries/s of CPU | memory, MiB |\n| --- | --: | --: | --: | --: |`,
  );
  for (const one of ways) {
    process.stderr.write(`… ${titles[one]}\n`);
    const script = fileURLToPath(import.meta.url);
    const flags = ['--conditions=@medseal/source', '--expose-gc', '--disable-warning=ExperimentalWarning'];
    spawnSync(process.execPath, [...flags, script, String(length), one], { stdio: 'inherit' });
  }
}
