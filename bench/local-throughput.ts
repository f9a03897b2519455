/**
 * Durable commands a second of the local ledger, beside plain inserts into the same SQLite and beside what the
 * signatures alone take: interleaved, medians.
 *
 *   node --conditions=@medseal/source bench/local-throughput.ts [rounds, default 5] [scale, default 1]
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { createLedger, localLedger, nativeRecovery, wasmKeccak } from '@medseal/adapter-local';
import { type Genesis, toHex, type Verification, verifyCommand } from '@medseal/protocol';
import { leafHash } from '../packages/adapter-local/src/ledger/database/tree-hash.ts';
import { openParts } from '../packages/adapter-local/src/ledger/open-ledger.ts';
import { SubmissionQueue } from '../packages/adapter-local/src/ledger/writing/submission-queue.ts';
import { TreeEdge } from '../packages/adapter-local/src/ledger/writing/tree-edge.ts';
import { authority, command, registrations } from './local-commands.ts';

const [rounds = 5, scale = 1] = process.argv.slice(2).map(Number);
/** Concurrent submitters, and commands that they send together. */
const loads = [
  { submitters: 1, commands: 8_000 },
  { submitters: 16, commands: 40_000 },
  { submitters: 256, commands: 80_000 },
].map(({ submitters, commands }) => ({ submitters, commands: Math.round(commands * scale) }));

const now = Math.floor(Date.now() / 1000);
const folder = await mkdtemp(join(tmpdir(), 'medseal-bench-'));
const recover = await nativeRecovery();
const keccak256 = await wasmKeccak();
let made = 0;

type Send = (wire: Uint8Array) => Promise<unknown>;

/** Each of the submitters sends one command after the other; together they send all, first those that do not count. */
async function sendAll({ first, wires }: Prepared, submitters: number, send: Send): Promise<number> {
  await sendEach(first, submitters, send);
  const started = performance.now();
  await sendEach(wires, submitters, send);
  return wires.length / ((performance.now() - started) / 1000);
}

async function sendEach(wires: readonly Uint8Array[], submitters: number, send: Send): Promise<void> {
  let next = 0;
  const submitter = async (): Promise<void> => {
    for (let wire = wires[next++]; wire !== undefined; wire = wires[next++]) await send(wire);
  };
  await Promise.all(Array.from({ length: submitters }, submitter));
}

interface Prepared {
  readonly path: string;
  readonly genesis: Genesis;
  /** Sent before, a quarter as many: a ledger that was just opened starts its threads, and its code is not compiled. */
  readonly first: readonly Uint8Array[];
  readonly wires: readonly Uint8Array[];
}

/** Of one domain, so that all ledgers are sent the same commands. */
const salt = toHex(new Uint8Array(32).fill(7));
const signed: Uint8Array[] = [];

async function prepare(commands: number): Promise<Prepared> {
  const path = join(folder, `ledger-${made++}`);
  const genesis = await createLedger({ path, authority, salt });
  await using ledger = await localLedger({ path });
  for (const wire of await registrations(genesis.domain, now)) await (await ledger.submit(wire)).committed();
  const first = commands >> 2;
  while (signed.length < first + commands) signed.push(await command(signed.length, genesis.domain, now));
  return { path, genesis, first: signed.slice(0, first), wires: signed.slice(first, first + commands) };
}

/** One row a command, of the size of an entry, as many in a transaction as there are submitters. */
async function rawInserts(prepared: Prepared, submitters: number): Promise<number> {
  return inserted(prepared, submitters, ['entry'], (insert, wire) => insert.run(wire));
}

/** The same with the hashes of a tree: the least that any log of this kind does, without rules, ids and state. */
async function insertsWithTree(prepared: Prepared, submitters: number): Promise<number> {
  let edge = TreeEdge.load(0, () => new Uint8Array());
  return inserted(prepared, submitters, ['entry', 'hashes'], (insert, wire) => {
    const appended = edge.append(leafHash(wire));
    edge = appended.edge;
    insert.run(wire, appended.hashes);
  });
}

function inserted(
  { first, wires }: Prepared,
  submitters: number,
  columns: readonly string[],
  put: (insert: StatementSync, wire: Uint8Array) => void,
): number {
  const database = new DatabaseSync(join(folder, `raw-${made++}`));
  database.exec('PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL');
  database.exec(`CREATE TABLE t (seq INTEGER PRIMARY KEY, ${columns.map((name) => `${name} BLOB`).join(', ')})`);
  const insert = database.prepare(
    `INSERT INTO t (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`,
  );
  const putAll = (all: readonly Uint8Array[]): void => {
    for (let at = 0; at < all.length; at += submitters) {
      database.exec('BEGIN');
      for (const wire of all.slice(at, at + submitters)) put(insert, wire);
      database.exec('COMMIT');
    }
  };
  putAll(first);
  const started = performance.now();
  putAll(wires);
  const rate = wires.length / ((performance.now() - started) / 1000);
  database.close();
  return rate;
}

/** The whole ledger. */
async function submitted(prepared: Prepared, submitters: number): Promise<number> {
  await using ledger = await localLedger({ path: prepared.path });
  return await sendAll(prepared, submitters, async (wire) => (await ledger.submit(wire)).committed());
}

/** The ledger's queue and writer, given commands whose signatures were checked before. */
async function alreadyVerified(prepared: Prepared, submitters: number): Promise<number> {
  const { path, genesis, first, wires } = prepared;
  await using parts = await openParts({ path, threads: 0 });
  const { writing } = parts;
  if (writing === undefined) throw new TypeError('The ledger is open for reading only');
  const known = new Map<Uint8Array, Verification>(
    [...first, ...wires].map((wire) => [wire, verifyCommand(wire, genesis, { signatures: 'assume' })]),
  );
  const queue = new SubmissionQueue({
    maxBatch: 256,
    maxWaiting: 4_096,
    verify: async (wire) => known.get(wire) ?? verifyCommand(wire, genesis),
    commit: (batch) => writing.commits.commit(batch),
  });
  return await sendAll(prepared, submitters, (wire) => queue.add(wire, undefined));
}

/** Signatures a second on one core, times the cores. */
async function signatures({ genesis, wires }: Prepared): Promise<number> {
  const some = wires.slice(0, 2_000);
  const started = performance.now();
  for (const wire of some)
    if ('outcome' in verifyCommand(wire, genesis, { recover, keccak256 })) throw new Error('A bad signature');
  return (some.length / ((performance.now() - started) / 1000)) * availableParallelism();
}

const contenders = {
  'plain inserts': rawInserts,
  'inserts, and the tree': insertsWithTree,
  'ledger, verified before': alreadyVerified,
  'signatures, all cores': signatures,
  ledger: submitted,
} as const;

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1] ?? NaN;

type Name = keyof typeof contenders;

/** One rate of each for every round, the contenders in turns. */
async function measure(submitters: number, commands: number): Promise<ReadonlyMap<Name, readonly number[]>> {
  const rates = new Map<Name, number[]>();
  for (let round = -1; round < rounds; round++) {
    for (const [name, run] of Object.entries(contenders) as [Name, typeof submitted][]) {
      const rate = await run(await prepare(commands), submitters);
      // The round before the first compiles the code.
      if (round >= 0) rates.set(name, [...(rates.get(name) ?? []), rate]);
    }
    process.stderr.write(`… ${submitters} submitters, round ${round + 1} of ${rounds}\n`);
  }
  return rates;
}

try {
  console.log(`commands a second, medians of ${rounds} rounds; signatures ${recover ? 'natively' : 'in JavaScript'}`);
  for (const { submitters, commands } of loads) {
    const rates = await measure(submitters, commands);
    const of = (name: Name): number => median(rates.get(name) ?? []);
    const floor = Math.min(of('plain inserts'), of('signatures, all cores'));
    console.log(`${submitters} submitters, ${commands} commands`);
    for (const name of Object.keys(contenders) as Name[])
      console.log(`  ${name.padEnd(24)} ${of(name).toFixed(0).padStart(8)}`);
    console.log(
      `  verified before ÷ inserts            ${(of('ledger, verified before') / of('plain inserts')).toFixed(2)}`,
    );
    console.log(`  ledger ÷ min(inserts, signatures)    ${(of('ledger') / floor).toFixed(2)}`);
  }
} finally {
  await rm(folder, { recursive: true, force: true });
}
