import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { LedgerCorruptError } from '../errors.ts';
import { checksum, sha256 } from './checksum.ts';

interface Row {
  readonly key: Uint8Array;
  readonly value: Uint8Array;
  /** Key of the row behind this one; that of the first for the last. */
  readonly next: Uint8Array;
}

/** Key of the row before all others, which holds nothing. Not empty: Node 22 stores an empty array as NULL. */
const FIRST = Uint8Array.of(0);

/**
 * Values under keys of 32 bytes. Each row has a checksum and names the key behind it, so that a row that is gone, or
 * that SQLite no longer finds, is told from one that never was: without it a lost decision would be one not yet made.
 */
export class ChainedTable {
  readonly #name: 'ids' | 'state';
  readonly #tag: Uint8Array;
  readonly #find: StatementSync;
  readonly #before: StatementSync;
  readonly #insert: StatementSync;
  readonly #update: StatementSync;
  readonly #all: StatementSync;

  constructor(database: DatabaseSync, name: 'ids' | 'state') {
    this.#name = name;
    this.#tag = sha256(name);
    const columns = 'key, value, next, sum';
    this.#find = database.prepare(`SELECT ${columns} FROM ${name} WHERE key = ?`);
    this.#before = database.prepare(`SELECT ${columns} FROM ${name} WHERE key < ? ORDER BY key DESC LIMIT 1`);
    this.#insert = database.prepare(`INSERT INTO ${name} (${columns}) VALUES (?, ?, ?, ?)`);
    this.#update = database.prepare(`UPDATE ${name} SET value = ?, next = ?, sum = ? WHERE key = ?`);
    this.#all = database.prepare(`SELECT ${columns} FROM ${name} ORDER BY key`);
  }

  /** Makes the first row of an empty table. */
  begin(): void {
    this.#add({ key: FIRST, value: FIRST, next: FIRST });
  }

  /** @throws LedgerCorruptError when the row, or that of the key before it, is not what was written. */
  get(key: Uint8Array): Uint8Array | undefined {
    const row = this.#row(key);
    if (row === undefined) this.#rowBefore(key);
    return row?.value;
  }

  /** Stores a value, in place of the one that the key has. */
  put(key: Uint8Array, value: Uint8Array): void {
    const present = this.#row(key);
    if (present !== undefined) return this.#change({ ...present, value });
    const before = this.#rowBefore(key);
    this.#change({ ...before, next: key });
    this.#add({ key, value, next: before.next });
  }

  /** All keys and values in the order of the keys. */
  *all(): Generator<readonly [key: Uint8Array, value: Uint8Array]> {
    let last: Row | undefined;
    for (const stored of this.#all.iterate()) {
      const row = this.#checked(stored);
      if (!equal(row.key, last?.next ?? FIRST)) throw this.#damage();
      if (last !== undefined) yield [row.key, row.value];
      last = row;
    }
    if (last === undefined || !isFirst(last.next)) throw this.#damage();
  }

  #row(key: Uint8Array): Row | undefined {
    const row = this.#find.get(key);
    return row && this.#checked(row);
  }

  #rowBefore(key: Uint8Array): Row {
    const row = this.#before.get(key);
    if (row === undefined) throw this.#damage();
    const before = this.#checked(row);
    const ascends = Buffer.compare(before.key, key) < 0;
    if (!ascends || (!isFirst(before.next) && Buffer.compare(before.next, key) <= 0)) throw this.#damage();
    return before;
  }

  #checked({ key, value, next, sum }: Record<string, unknown>): Row {
    const blobs = [key, value, next, sum];
    if (!blobs.every((blob) => blob instanceof Uint8Array)) throw this.#damage();
    const [k = FIRST, v = FIRST, n = FIRST, s = FIRST] = blobs;
    const row = { key: k, value: v, next: n };
    if (!equal(s, this.#sum(row))) throw this.#damage();
    return row;
  }

  #add(row: Row): void {
    this.#insert.run(row.key, row.value, row.next, this.#sum(row));
  }

  #change(row: Row): void {
    const { changes } = this.#update.run(row.value, row.next, this.#sum(row), row.key);
    if (changes !== 1) throw this.#damage();
  }

  #sum({ key, value, next }: Row): Uint8Array {
    return checksum(this.#tag, Uint8Array.of(key.length, next.length), key, next, value);
  }

  #damage(): LedgerCorruptError {
    return new LedgerCorruptError(`a row of the table ${this.#name} is not what was written`);
  }
}

function isFirst(key: Uint8Array): boolean {
  return equal(key, FIRST);
}

function equal(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0;
}
