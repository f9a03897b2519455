import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { LedgerCorruptError } from '../errors.ts';

/** An entry as it is stored: nobody has checked it yet. */
export interface StoredEntry {
  readonly entry: Uint8Array;
  /** Hashes of the subtrees that it completes as a leaf of the tree, one behind the other, from level 0. */
  readonly hashes: Uint8Array;
}

/** Rows that are inserted by one statement: a call costs as much as a row. */
const MANY = 16;

/** The entries of the log, canonical bytes, by their place from 0. */
export class EntryTable {
  readonly #insert: StatementSync;
  readonly #insertMany: StatementSync;
  readonly #find: StatementSync;
  readonly #range: StatementSync;
  readonly #count: StatementSync;

  constructor(database: DatabaseSync) {
    const insert = 'INSERT INTO entries (seq, hashes, entry) VALUES (?, ?, ?)';
    this.#insert = database.prepare(insert);
    this.#insertMany = database.prepare(`${insert}${', (?, ?, ?)'.repeat(MANY - 1)}`);
    this.#find = database.prepare('SELECT entry FROM entries WHERE seq = ?');
    this.#range = database.prepare('SELECT seq, hashes, entry FROM entries WHERE seq >= ? AND seq < ? ORDER BY seq');
    this.#count = database.prepare('SELECT count(*) AS count FROM entries');
  }

  /** Appends entries, the first at `seq`. */
  append(seq: number, entries: readonly StoredEntry[]): void {
    const values = entries.map(({ hashes, entry }, i) => [seq + i, hashes, entry]);
    let at = 0;
    for (; at + MANY <= values.length; at += MANY) this.#insertMany.run(...values.slice(at, at + MANY).flat());
    for (const row of values.slice(at)) this.#insert.run(...row);
  }

  /** Bytes that nobody has checked yet. */
  get(seq: number): Uint8Array {
    return blobAt(this.#find.get(seq)?.['entry'], seq);
  }

  /** The entries from `start` up to, not with, `end`: all there, none checked. */
  range(start: number, end: number): readonly Uint8Array[] {
    return this.rows(start, end).map(({ entry }) => entry);
  }

  /** {@link range} with the hashes. */
  rows(start: number, end: number): readonly StoredEntry[] {
    const rows = this.#range.all(start, end);
    for (let at = 0; at < end - start; at++)
      if (rows[at]?.['seq'] !== start + at) throw new LedgerCorruptError('an entry is missing', { seq: start + at });
    return rows.map(({ entry, hashes }, at) => ({
      entry: blobAt(entry, start + at),
      hashes: blobAt(hashes, start + at),
    }));
  }

  count(): number {
    return Number(this.#count.get()?.['count']);
  }
}

function blobAt(value: unknown, seq: number): Uint8Array {
  if (value instanceof Uint8Array) return value;
  throw new LedgerCorruptError('an entry is missing', { seq });
}
