import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { LedgerCorruptError } from '../errors.ts';

const HASH = 32;

/** Hashes of the complete subtrees of the log, at the place where the order of their completion puts them. */
export class HashTable {
  readonly #insert: StatementSync;
  readonly #find: StatementSync;
  readonly #count: StatementSync;

  constructor(database: DatabaseSync) {
    this.#insert = database.prepare('INSERT INTO hashes (place, hash) VALUES (?, ?)');
    this.#find = database.prepare('SELECT hash FROM hashes WHERE place = ?');
    this.#count = database.prepare('SELECT count(*) AS count FROM hashes');
  }

  append(level: number, index: number, hash: Uint8Array): void {
    this.#insert.run(placeOf(level, index), hash);
  }

  /** A hash that nobody has checked yet. */
  readonly get = (level: number, index: number): Uint8Array => {
    const hash = this.#find.get(placeOf(level, index))?.['hash'];
    if (hash instanceof Uint8Array && hash.length === HASH) return hash;
    throw new LedgerCorruptError(`the hash of level ${level}, number ${index} is missing from the tree`);
  };

  count(): number {
    return Number(this.#count.get()?.['count']);
  }
}

/**
 * Place of a subtree among all of them in the order in which they are completed, as rows are appended: leaf 0, leaf 1,
 * the pair (0, 1), leaf 2 …
 */
export function placeOf(level: number, index: number): number {
  // The subtree is completed by its last leaf, `level` places behind it; n leaves before that one complete n, n/2, n/4 …
  let before = (index + 1) * 2 ** level - 1;
  let place = level;
  for (; before > 0; before = Math.floor(before / 2)) place += before;
  return place;
}

/** How many subtrees `size` leaves complete. */
export function subtreeCount(size: number): number {
  return placeOf(0, size);
}
