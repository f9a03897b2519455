/**
 * Durable commands a second of the local ledger, beside plain inserts into the same SQLite and beside what the
 * signatures alone take: interleaved, medians.
 *
 *   node --conditions=@medseal/source bench/local-throughput.ts [rounds, default 5] [scale, default 1]
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { createLedger, localLedger, nativeRecovery, wasmKeccak } from '@medseal/adapter-local';
import {
  encodeEntry,
  fromHex,
  type Genesis,
  judge,
  type StateValue,
  toHex,
  type Verification,
  verifyCommand,
} from '@medseal/protocol';
import { sha256 } from '../packages/adapter-local/src/ledger/database/checksum.ts';
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

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;
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
  /** Commands that are in it already. */
  readonly registered: readonly Uint8Array[];
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
  const registered = await registrations(genesis.domain, now);
  for (const wire of registered) await (await ledger.submit(wire)).committed();
  const first = commands >> 2;
  while (signed.length < first + commands) signed.push(await command(signed.length, genesis.domain, now));
  return { path, genesis, registered, first: signed.slice(0, first), wires: signed.slice(first, first + commands) };
}

/** One row a command, of the size of an entry, as many in a transaction as there are submitters. */
async function rawInserts({ first, wires }: Prepared, submitters: number): Promise<number> {
  return inserted(
    first,
    wires,
    submitters,
    ['CREATE TABLE entries (seq INTEGER PRIMARY KEY, entry BLOB)'],
    (database) => {
      const insert = database.prepare('INSERT INTO entries (entry) VALUES (?)');
      return (wire) => insert.run(wire);
    },
  );
}

/** The same with the hashes of a tree: the least that any log of this kind does, without rules, ids and state. */
async function insertsWithTree({ first, wires }: Prepared, submitters: number): Promise<number> {
  let edge = TreeEdge.load(0, () => new Uint8Array());
  const table = 'CREATE TABLE entries (seq INTEGER PRIMARY KEY, entry BLOB, hashes BLOB)';
  return inserted(first, wires, submitters, [table], (database) => {
    const insert = database.prepare('INSERT INTO entries (entry, hashes) VALUES (?, ?)');
    return (wire) => {
      const appended = edge.append(leafHash(wire));
      edge = appended.edge;
      insert.run(wire, appended.hashes);
    };
  });
}

/** What a command leaves in the tables of a ledger. */
interface Rows {
  readonly entry: Uint8Array;
  readonly id: Uint8Array;
  readonly state: readonly (readonly [key: Uint8Array, word: Uint8Array])[];
}

const plainTables = [
  'CREATE TABLE entries (seq INTEGER PRIMARY KEY, entry BLOB)',
  'CREATE TABLE ids (id BLOB PRIMARY KEY, seq INTEGER) WITHOUT ROWID',
  'CREATE TABLE state (key BLOB PRIMARY KEY, word BLOB) WITHOUT ROWID',
];

/** Plain inserts of all that the ledger keeps of a command: its entry, its id and the state that it changed. */
async function insertsOfAll(prepared: Prepared, submitters: number): Promise<number> {
  const { first, wires } = rowsOf(prepared);
  return inserted(first, wires, submitters, plainTables, (database) => {
    const entries = database.prepare('INSERT INTO entries (entry) VALUES (?)');
    const ids = database.prepare('INSERT INTO ids (id, seq) VALUES (?, ?)');
    const state = database.prepare(
      'INSERT INTO state (key, word) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET word = excluded.word',
    );
    return (rows) => {
      const { lastInsertRowid } = entries.run(rows.entry);
      ids.run(rows.id, lastInsertRowid);
      for (const [key, word] of rows.state) state.run(key, word);
    };
  });
}

/** By the rules, before anything is timed. */
function rowsOf({ genesis, registered, first, wires }: Prepared): Record<'first' | 'wires', readonly Rows[]> {
  const values = new Map<string, StateValue>();
  const rows = (wire: Uint8Array): Rows => {
    const verified = verifyCommand(wire, genesis, { signatures: 'assume' });
    if ('outcome' in verified) throw new Error('A command is refused');
    const verdict = judge(verified, now, ({ path }) => values.get(path));
    const writes = verdict.outcome === 'applied' ? verdict.writes : [];
    for (const { key, value } of writes) values.set(key.path, value);
    const state = writes.map(({ key, value }) => [sha256(key.path), key.entity.encode(value)] as const);
    return { entry: encodeEntry({ time: now, wire, violation: undefined }), id: fromHex(verified.id), state };
  };
  registered.forEach(rows);
  return { first: first.map(rows), wires: wires.map(rows) };
}

function inserted<T>(
  first: readonly T[],
  rows: readonly T[],
  submitters: number,
  tables: readonly string[],
  prepareInserts: (database: DatabaseSync) => (row: T) => void,
): number {
  const database = new DatabaseSync(join(folder, `raw-${made++}`));
  database.exec('PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL');
  for (const table of tables) database.exec(table);
  const insert = prepareInserts(database);
  const insertAll = (all: readonly T[]): void => {
    for (let at = 0; at < all.length; at += submitters) {
      database.exec('BEGIN');
      for (const row of all.slice(at, at + submitters)) insert(row);
      database.exec('COMMIT');
    }
  };
  insertAll(first);
  const started = performance.now();
  insertAll(rows);
  const rate = rows.length / ((performance.now() - started) / 1000);
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
  'inserts, ids and state': insertsOfAll,
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
      const prepared = await prepare(commands);
      // Else one contender clears away what the one before has left.
      collectGarbage();
      const rate = await run(prepared, submitters);
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
    console.log(`${submitters} submitters, ${commands} commands`);
    for (const name of Object.keys(contenders) as Name[])
      console.log(`  ${name.padEnd(24)} ${of(name).toFixed(0).padStart(8)}`);
    for (const inserts of ['plain inserts', 'inserts, ids and state'] as const) {
      const lesser = Math.min(of(inserts), of('signatures, all cores'));
      console.log(`  beside ${inserts}`);
      console.log(`    verified before ÷ inserts          ${(of('ledger, verified before') / of(inserts)).toFixed(2)}`);
      console.log(`    ledger ÷ min(inserts, signatures)  ${(of('ledger') / lesser).toFixed(2)}`);
    }
  }
} finally {
  await rm(folder, { recursive: true, force: true });
}
