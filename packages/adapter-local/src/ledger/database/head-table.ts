import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { LedgerCorruptError } from '../errors.ts';

/** The signed checkpoint of the last commit. */
export class HeadTable {
  readonly #get: StatementSync;
  readonly #put: StatementSync;

  constructor(database: DatabaseSync) {
    this.#get = database.prepare('SELECT note FROM head WHERE one = 1');
    this.#put = database.prepare(
      'INSERT INTO head (one, note) VALUES (1, ?) ON CONFLICT (one) DO UPDATE SET note = excluded.note',
    );
  }

  get(): string {
    const note = this.#get.get()?.['note'];
    if (typeof note === 'string') return note;
    throw new LedgerCorruptError('the checkpoint is missing');
  }

  put(note: string): void {
    this.#put.run(note);
  }
}
