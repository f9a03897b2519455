/**
 * A large local ledger: `verify()` with and without the addon, opening, submitting, and the memory that all this takes,
 * each in a process of its own.
 *
 *   node --conditions=@medseal/source bench/local-verify.ts [entries, default 1,000,000] [without the addon, 100,000]
 */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createLedger, localLedger, verifyLedger } from '@medseal/adapter-local';
import { verifyCommand } from '@medseal/protocol';
import { openParts } from '../packages/adapter-local/src/ledger/open-ledger.ts';
import { authority, command, registrations } from './local-commands.ts';

const BATCH = 2_048;
const SUBMITTED = 1_000;
const now = (): number => Math.floor(Date.now() / 1000);

/** Appends commands that nobody verifies: what is measured comes later. */
async function make(path: string, entries: number): Promise<void> {
  const { domain } = await createLedger({ path, authority });
  await using parts = await openParts({ path, threads: 0 });
  const { genesis } = parts.file;
  const first = await registrations(domain, now());
  for (let done = 0; done < entries;) {
    const wires = done === 0 ? [...first] : [];
    while (wires.length < BATCH && done + wires.length < entries)
      wires.push(await command(done + wires.length - first.length, domain, now()));
    const batch = wires.map((wire) => {
      const verified = verifyCommand(wire, genesis, { signatures: 'assume' });
      if ('outcome' in verified) throw new Error('A command that was made here is malformed');
      return { verified, wire };
    });
    parts.writing?.writer.commit(batch);
    done += wires.length;
    if (done % (BATCH * 20) < BATCH) process.stderr.write(`… ${done} of ${entries} entries made\n`);
  }
}

/** Highest resident size of this process so far, MiB. */
function peak(): number {
  return Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]) / 1024;
}

async function verify(path: string): Promise<Record<string, number>> {
  const started = performance.now();
  let told = 0;
  const { entries } = await verifyLedger(path, {
    onProgress: (done, all) => {
      if (done - told < 100_000) return;
      told = done;
      process.stderr.write(`… ${done} of ${all} entries verified\n`);
    },
  });
  const seconds = (performance.now() - started) / 1000;
  return { seconds, rate: entries / seconds, peak: peak() };
}

async function work(path: string): Promise<Record<string, number>> {
  const started = performance.now();
  await using ledger = await localLedger({ path });
  const opened = performance.now() - started;
  const { domain } = ledger.genesis;
  const from = Date.now() % 1_000_000_000;
  for (let n = 0; n < SUBMITTED; n++)
    await (await ledger.submit(await command(4 * (from + n), domain, now()))).committed();
  return { opened, peak: peak() };
}

/** This file again, in a process of its own. */
function inProcess(mode: string, path: string, ...flags: readonly string[]): Record<string, number> {
  const args = ['--conditions=@medseal/source', fileURLToPath(import.meta.url), mode, path];
  // In the environment, so that threads have the flags too.
  const env = { ...process.env, NODE_OPTIONS: flags.join(' ') };
  const output = execFileSync(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'inherit'] });
  return JSON.parse(output.toString()) as Record<string, number>;
}

function tell(what: string, figures: Record<string, number>): void {
  const shown = Object.entries(figures).map(([name, value]) => `${name} ${value.toFixed(value < 100 ? 1 : 0)}`);
  console.log(`${what.padEnd(52)} ${shown.join(', ')}`);
}

async function measure(entries: number, without: number): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'medseal-bench-'));
  try {
    const flag = `--import=${new URL('without-addon.ts', import.meta.url).href}`;
    for (const [size, ...flags] of [[1_000], [without, flag], [entries]] as const) {
      const path = join(folder, `ledger-${size}`);
      await make(path, size);
      tell(
        `verify ${size} entries${flags.length > 0 ? ', without the addon' : ''}`,
        inProcess('verify', path, ...flags),
      );
      tell(`open it and submit ${SUBMITTED} commands`, inProcess('work', path));
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const [first = '1000000', second = '100000'] = process.argv.slice(2);
if (first === 'verify') console.log(JSON.stringify(await verify(second)));
else if (first === 'work') console.log(JSON.stringify(await work(second)));
else await measure(Number(first), Number(second));
