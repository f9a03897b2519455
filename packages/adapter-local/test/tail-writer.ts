import { DatabaseSync } from 'node:sqlite';
import { expect } from 'vitest';
import { sha256 } from '../src/ledger/database/checksum.ts';
import { TABLES } from '../src/ledger/database/schema.ts';
import { type Tables, tablesOf } from '../src/ledger/database/tables.ts';
import { CarryOver } from '../src/ledger/tail/carry-over.ts';
import { type CommitChanges, encodeChanges, noChanges } from '../src/ledger/tail/commit-changes.ts';
import { type KeyName, keyOf, nameOfPath } from '../src/ledger/tail/key-name.ts';
import { Tail } from '../src/ledger/tail/tail.ts';

export interface TailWorld {
  readonly database: DatabaseSync;
  readonly tables: Tables;
}

/** The tables of an empty ledger. */
export function tailWorld(): TailWorld {
  const database = new DatabaseSync(':memory:');
  for (const sql of TABLES) database.exec(sql);
  const tables = tablesOf(database);
  tables.ids.begin();
  tables.state.begin();
  tables.commits.put({ size: 0, note: '0', changes: encodeChanges(0, noChanges) });
  return { database, tables };
}

const idOf = (seq: number): KeyName => nameOfPath(`id ${seq}`);
export const object = (n: number): KeyName => nameOfPath(`object ${n}`);
/** The one of some objects that an entry writes. */
const someObject = (seq: number): readonly KeyName[] => [object((seq * 7) % 13)];

/** What becomes of a commit: it is done, it is undone, or it is done and its writer hears that it failed. */
export type Fate = 'done' | 'undone' | 'unheard';

export interface TailWriterOptions {
  /** Objects that an entry writes. */
  readonly objectsOf?: (seq: number) => readonly KeyName[];
  /** Changes from which on they are carried over. */
  readonly enough?: number;
}

/** Commits batches as the ledger's writer does, each entry with its id and new words for objects. */
export class TailWriter {
  readonly tail: Tail;
  readonly state = new Map<KeyName, Uint8Array>();
  /** Entries of the log. */
  size = 0;
  readonly #world: TailWorld;
  readonly #objectsOf: (seq: number) => readonly KeyName[];
  readonly #enough: number;
  #carry: CarryOver;
  #failed = false;

  constructor(world: TailWorld, { objectsOf = someObject, enough = 20 }: TailWriterOptions = {}) {
    this.#world = world;
    this.#objectsOf = objectsOf;
    this.#enough = enough;
    this.tail = new Tail(world.tables);
    this.tail.keepBlocks();
    this.tail.follow(0);
    this.#carry = new CarryOver(this.tail, enough);
  }

  commit(commands: number, fate: Fate = 'done'): void {
    if (this.#failed) this.#reload();
    const { database } = this.#world;
    const size = this.size + commands;
    database.exec('BEGIN');
    const changes = this.#write(size);
    database.exec(fate === 'undone' ? 'ROLLBACK' : 'COMMIT');
    this.#failed = fate !== 'done';
    if (fate === 'undone') return;
    this.size = size;
    for (const [name, word] of changes.state) this.state.set(name, word);
    if (fate === 'unheard') return;
    this.tail.add(size, changes);
    this.#carry.committed(size);
  }

  #write(size: number): CommitChanges {
    const { commits } = this.#world.tables;
    const from = this.size;
    const seqs = Array.from({ length: size - from }, (_, i) => from + i);
    const ids = new Map(seqs.map((seq) => [idOf(seq), seq]));
    const state = new Map(seqs.flatMap((seq) => this.#objectsOf(seq).map((name) => [name, sha256(`word ${seq}`)])));
    const carried = this.#carry.step(ids.size + state.size);
    const changes = { from, carried, ids, state };
    commits.put({ size, note: String(size), changes: encodeChanges(size, changes) });
    if (carried !== this.tail.carried) commits.remove(carried);
    return changes;
  }

  #reload(): void {
    this.tail.forget();
    this.tail.keepBlocks();
    this.tail.follow(this.size);
    this.#carry = new CarryOver(this.tail, this.#enough);
    this.#failed = false;
  }
}

/** Commits whose changes are not yet carried over, and the last. */
export function commitsLeft({ database }: TailWorld): number {
  return Number(database.prepare('SELECT count(*) AS count FROM commits').get()?.['count']);
}

/** What this tail finds is all that was committed. */
export function requireAll(tail: Tail, { size, state }: TailWriter): void {
  tail.follow(size);
  for (let seq = 0; seq < size; seq++) expect(tail.ids.find(idOf(seq))).toBe(seq);
  expect(tail.ids.find(idOf(size))).toBeUndefined();
  for (const [name, word] of state) expect(Buffer.from(tail.state.find(name) ?? [])).toEqual(Buffer.from(word));
  const byName = [...state].toSorted(([a], [b]) => (a < b ? -1 : 1));
  expect([...tail.state.all()].map(([key, word]) => [Buffer.from(key), Buffer.from(word)])).toEqual(
    byName.map(([name, word]) => [keyOf(name), Buffer.from(word)]),
  );
  expect([...tail.ids.all()]).toHaveLength(size);
}
