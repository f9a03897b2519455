import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { LedgerCorruptError } from '../errors.ts';

/** One commit: the checkpoint signed in it, and what it changed, as `encodeChanges` writes it. */
export interface StoredCommit {
  /** Entries of the log with this commit. */
  readonly size: number;
  readonly note: string;
  readonly changes: Uint8Array;
}

/** The commits whose changes are not yet carried over to the tables of ids and state; the last one always. */
export class CommitTable {
  readonly #note: StatementSync;
  readonly #behind: StatementSync;
  readonly #put: StatementSync;
  readonly #remove: StatementSync;

  constructor(database: DatabaseSync) {
    this.#note = database.prepare('SELECT note FROM commits ORDER BY size DESC LIMIT 1');
    this.#behind = database.prepare('SELECT size, note, changes FROM commits WHERE size > ? ORDER BY size');
    this.#put = database.prepare('INSERT INTO commits (size, note, changes) VALUES (?, ?, ?)');
    this.#remove = database.prepare('DELETE FROM commits WHERE size <= ?');
  }

  /** The signed checkpoint of the last commit. */
  note(): string {
    const note = this.#note.get()?.['note'];
    if (typeof note === 'string') return note;
    throw new LedgerCorruptError('the checkpoint is missing');
  }

  /** Commits of a longer log than `size`, in order: none checked yet. */
  *behind(size: number): Generator<StoredCommit> {
    for (const { size: at, note, changes } of this.#behind.iterate(size)) {
      if (typeof at !== 'number' || typeof note !== 'string' || !(changes instanceof Uint8Array))
        throw new LedgerCorruptError('a commit is not what was written');
      yield { size: at, note, changes };
    }
  }

  put({ size, note, changes }: StoredCommit): void {
    this.#put.run(size, note, changes);
  }

  /** Forgets the commits up to `size`. */
  remove(size: number): void {
    this.#remove.run(size);
  }
}
