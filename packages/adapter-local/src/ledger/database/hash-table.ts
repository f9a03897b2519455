import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { LedgerCorruptError } from '../errors.ts';

const HASH = 32;

/** Hashes of the complete subtrees of the log. Those that a leaf completes stand in the row of its entry, from level 0. */
export class HashTable {
  readonly #find: StatementSync;

  constructor(database: DatabaseSync) {
    this.#find = database.prepare('SELECT hashes FROM entries WHERE seq = ?');
  }

  /** A hash that nobody has checked yet. */
  readonly get = (level: number, index: number): Uint8Array => {
    const hashes = this.#find.get((index + 1) * 2 ** level - 1)?.['hashes'];
    if (hashes instanceof Uint8Array && hashes.length >= HASH * (level + 1))
      return hashes.slice(HASH * level, HASH * (level + 1));
    throw new LedgerCorruptError(`the hash of level ${level}, number ${index} is missing from the tree`);
  };
}
