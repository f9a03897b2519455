import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { LedgerCorruptError } from '../errors.ts';
import { checksum, sha256 } from './checksum.ts';

const KEY = 32;
const SUM = 16;
const HEAD = SUM + KEY;

/** A row whose checksum was right. */
export interface Row {
  readonly key: Uint8Array;
  readonly value: Uint8Array;
  /** Key of the row behind this one; that of the first for the last. */
  readonly next: Uint8Array;
}

/** What a table has of a key: its row, or the one before where it would stand. */
export type Found = { readonly row: Row } | { readonly before: Row };

/** A value to be stored under a key, and what was found of that key. */
export interface Change {
  readonly key: Uint8Array;
  readonly value: Uint8Array;
  readonly found: Found;
}

/** Key of the row before all others, which holds nothing. No SHA-256 or Keccak of anything known is 0. */
const FIRST = new Uint8Array(KEY);

/**
 * Values under keys of 32 bytes. Each row has a checksum and names the key behind it, so that a row that is gone, or
 * that SQLite no longer finds, is told from one that never was: without it a lost decision would be one not yet made.
 */
export class ChainedTable {
  readonly #name: 'ids' | 'state';
  readonly #tag: Uint8Array;
  readonly #find: StatementSync;
  readonly #insert: StatementSync;
  readonly #update: StatementSync;
  readonly #all: StatementSync;

  constructor(database: DatabaseSync, name: 'ids' | 'state') {
    this.#name = name;
    this.#tag = sha256(name);
    this.#find = database.prepare(`SELECT key, rest FROM ${name} WHERE key <= ? ORDER BY key DESC LIMIT 1`);
    this.#insert = database.prepare(`INSERT INTO ${name} (key, rest) VALUES (?, ?)`);
    this.#update = database.prepare(`UPDATE ${name} SET rest = ? WHERE key = ?`);
    this.#all = database.prepare(`SELECT key, rest FROM ${name} ORDER BY key`);
  }

  /** Makes the first row of an empty table. */
  begin(): void {
    this.#add({ key: FIRST, value: new Uint8Array(), next: FIRST });
  }

  /** @throws LedgerCorruptError when the row, or that of the key before it, is not what was written. */
  find(key: Uint8Array): Found {
    const stored = this.#find.get(key);
    if (stored === undefined) throw this.#damage();
    const row = this.#checked(stored);
    const order = Buffer.compare(row.key, key);
    if (order === 0) return { row };
    if (order > 0 || (!isFirst(row.next) && Buffer.compare(row.next, key) <= 0)) throw this.#damage();
    return { before: row };
  }

  /** @throws LedgerCorruptError as `find`. */
  get(key: Uint8Array): Uint8Array | undefined {
    const found = this.find(key);
    return 'row' in found ? found.row.value : undefined;
  }

  /** Stores a value, in place of the one that the key has. */
  put(key: Uint8Array, value: Uint8Array): void {
    this.write([{ key, value, found: this.find(key) }]);
  }

  /** Stores values under different keys. Nothing may have been written since these were looked for. */
  write(changes: readonly Change[]): void {
    // From the last: each new row names the one behind it, and a row before several new ones is written once.
    const sorted = changes.toSorted((a, b) => Buffer.compare(b.key, a.key));
    const changed = new Map<string, Row>();
    for (const { key, value, found } of sorted) {
      const row = 'row' in found ? found.row : found.before;
      const name = nameOf(row.key);
      const last = changed.get(name) ?? row;
      if ('row' in found) changed.set(name, { ...last, value });
      else {
        this.#add({ key, value, next: last.next });
        changed.set(name, { ...last, next: key });
      }
    }
    for (const row of changed.values()) this.#change(row);
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

  #checked({ key, rest }: Record<string, unknown>): Row {
    if (!(key instanceof Uint8Array) || !(rest instanceof Uint8Array)) throw this.#damage();
    if (key.length !== KEY || rest.length < HEAD) throw this.#damage();
    if (!equal(rest.subarray(0, SUM), this.#sum(key, rest.subarray(SUM)))) throw this.#damage();
    return { key, next: rest.subarray(SUM, HEAD), value: rest.subarray(HEAD) };
  }

  #add(row: Row): void {
    this.#insert.run(row.key, this.#rest(row));
  }

  #change(row: Row): void {
    const { changes } = this.#update.run(this.#rest(row), row.key);
    if (changes !== 1) throw this.#damage();
  }

  #rest({ key, next, value }: Row): Uint8Array {
    const nextAndValue = Buffer.concat([next, value]);
    return Buffer.concat([this.#sum(key, nextAndValue), nextAndValue]);
  }

  #sum(key: Uint8Array, nextAndValue: Uint8Array): Uint8Array {
    return checksum(this.#tag, key, nextAndValue);
  }

  #damage(): LedgerCorruptError {
    return new LedgerCorruptError(`a row of the table ${this.#name} is not what was written`);
  }
}

function nameOf(key: Uint8Array): string {
  return Buffer.from(key.buffer, key.byteOffset, key.length).toString('latin1');
}

function isFirst(key: Uint8Array): boolean {
  return equal(key, FIRST);
}

function equal(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0;
}
