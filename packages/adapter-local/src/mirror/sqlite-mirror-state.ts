import type { DatabaseSync } from 'node:sqlite';
import { type CopyDebt, type MirrorState, StoreUnavailableError } from '@medseal/core/adapter';
import type { Hex } from '@medseal/protocol';
import { fromSqlite, writing } from '../sqlite/own-file.ts';
import { openMirrorDatabase } from './mirror-database.ts';

export interface SqliteMirrorStateOptions {
  /** The file; its folder must exist. */
  readonly path: string;
  /**
   * Make the file when it is not there (default). `false` where it lies on a mounted disk: a disk that is not mounted is
   * then an outage, and no deletion is forgotten.
   */
  readonly create?: boolean | undefined;
}

/**
 * What a mirror owes its copies in a SQLite file of Node's own: each call one transaction, on the disk when it resolves.
 * One file, one mirror: while one has it open, others are refused with StoreUnavailableError. A damaged file is refused
 * too. Who takes the file away makes the mirror forget what copies have still to delete.
 */
export function sqliteMirrorState({ path, create = true }: SqliteMirrorStateOptions): MirrorState {
  let database: DatabaseSync | undefined;
  let closed = false;
  const run = async <T>(use: (opened: DatabaseSync) => T): Promise<T> => {
    if (closed) throw new StoreUnavailableError('The state of the mirror was closed');
    return fromSqlite(() => use((database ??= openMirrorDatabase(path, create))), stateFault);
  };
  return {
    durable: true,
    async load({ signal } = {}) {
      signal?.throwIfAborted();
      return run((opened) => opened.prepare('SELECT digest, copy, task, size, locator FROM debt').all().map(debtOf));
    },
    owe: (debts) =>
      run((opened) => {
        const insert = opened.prepare(
          'INSERT OR REPLACE INTO debt (digest, copy, task, size, locator) VALUES (?, ?, ?, ?, ?)',
        );
        writing(opened, () => {
          for (const { copy, task, ref } of debts) insert.run(ref.digest, copy, task, ref.size, ref.locator);
        });
      }),
    settle: (digest, copies) =>
      run((opened) =>
        writing(opened, () => {
          if (copies === undefined) opened.prepare('DELETE FROM debt WHERE digest = ?').run(digest);
          const one = opened.prepare('DELETE FROM debt WHERE digest = ? AND copy = ?');
          for (const copy of copies ?? []) one.run(digest, copy);
        }),
      ),
    async [Symbol.asyncDispose]() {
      closed = true;
      database?.close();
      database = undefined;
    },
  };
}

function stateFault(cause: unknown): Error {
  return new StoreUnavailableError('The file of the mirror’s state cannot be used', { cause });
}

/** The table's constraints say what a row holds. */
function debtOf(row: Readonly<Record<string, unknown>>): CopyDebt {
  const ref = { digest: row['digest'] as Hex, size: Number(row['size']), locator: String(row['locator']) };
  return { copy: String(row['copy']), task: row['task'] === 'delete' ? 'delete' : 'restore', ref };
}
