import { DatabaseSync, type StatementSync } from 'node:sqlite';
import type { ReadState, StateWrite } from '@medseal/protocol';
import { sha256 } from '../database/checksum.ts';
import { LedgerCorruptError } from '../errors.ts';
import type { LaggingTable } from '../tail/lagging-table.ts';

type Table = 'ids' | 'state';

/** State and ids as they follow from the log, in a temporary database: memory stays flat however long the log is. */
export class ReplayedState implements Disposable {
  readonly #database = new DatabaseSync('');
  readonly #find: Readonly<Record<Table, StatementSync>>;
  readonly #put: Readonly<Record<Table, StatementSync>>;

  constructor() {
    this.#database.exec('PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF');
    for (const name of ['ids', 'state'])
      this.#database.exec(`CREATE TABLE ${name} (key BLOB PRIMARY KEY, value BLOB NOT NULL) STRICT, WITHOUT ROWID`);
    this.#database.exec('BEGIN');
    const find = (name: Table): StatementSync => this.#database.prepare(`SELECT value FROM ${name} WHERE key = ?`);
    const put = (name: Table): StatementSync =>
      this.#database.prepare(`INSERT OR REPLACE INTO ${name} (key, value) VALUES (?, ?)`);
    this.#find = { ids: find('ids'), state: find('state') };
    this.#put = { ids: put('ids'), state: put('state') };
  }

  readonly read: ReadState = (key) => {
    const word = this.#find.state.get(sha256(key.path))?.['value'];
    return word instanceof Uint8Array ? key.entity.decode(word) : undefined;
  };

  write(writes: readonly StateWrite[]): void {
    for (const { key, value } of writes) this.#put.state.run(sha256(key.path), key.entity.encode(value));
  }

  /** Where a command stands first. */
  addId(id: Uint8Array, seq: Uint8Array): void {
    if (this.#find.ids.get(id) === undefined) this.#put.ids.run(id, seq);
  }

  /** Compares a table of the ledger, row by row; gives the number of rows. @throws LedgerCorruptError */
  compare(name: Table, stored: Pick<LaggingTable<unknown>, 'all'>): number {
    const expected = this.#database.prepare(`SELECT key, value FROM ${name} ORDER BY key`).iterate();
    let rows = 0;
    for (const [key, value] of stored.all()) {
      const row = expected.next().value;
      if (!same(row?.['key'], key) || !same(row?.['value'], value)) throw differs(name);
      rows++;
    }
    if (expected.next().done !== true) throw differs(name);
    return rows;
  }

  [Symbol.dispose](): void {
    this.#database.close();
  }
}

function same(a: unknown, b: Uint8Array): boolean {
  return a instanceof Uint8Array && Buffer.compare(a, b) === 0;
}

function differs(name: Table): LedgerCorruptError {
  return new LedgerCorruptError(`the table ${name} is not what follows from the log`);
}
