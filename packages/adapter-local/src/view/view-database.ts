import { existsSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { StoreUnavailableError, ViewStoreDamagedError } from '@medseal/core/adapter';
import { contentOf, type FileKind, makeFile, prepareTables } from '../sqlite/own-file.ts';

const KIND: FileKind = {
  name: 'view store',
  /** "msvw": tells the file from other SQLite files, above all from a ledger. */
  applicationId: 0x6d737677,
  version: 1,
  tables: `
    CREATE TABLE entry (position INTEGER PRIMARY KEY, bytes BLOB NOT NULL) STRICT;
    CREATE TABLE checkpoint (id INTEGER PRIMARY KEY CHECK (id = 1), bytes BLOB NOT NULL) STRICT`,
};

/** ERROR (a table is gone), CORRUPT, MISMATCH, NOTADB (sqlite.org/rescode.html). */
const DAMAGE: ReadonlySet<number> = new Set([1, 11, 20, 26]);

const BUSY = 5;

/** @throws StoreUnavailableError for a file of something else, which is left alone. */
export function openViewDatabase(path: string): DatabaseSync {
  if (!existsSync(path)) makeFile(path);
  const database = new DatabaseSync(path);
  try {
    // No waiting in SQLite, which would hold up the whole process.
    database.exec('PRAGMA busy_timeout = 0; PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON');
    const content = contentOf(database, KIND);
    database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL');
    if (content === 'empty') prepareTables(database, KIND);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

/** Whether it was somebody else who had the file, for now. */
export function isBusy(error: unknown): boolean {
  return error instanceof StoreUnavailableError && primaryCode(error.cause) === BUSY;
}

/** What an error of SQLite means. */
export function viewFault(cause: unknown): Error {
  const code = primaryCode(cause);
  if (code !== undefined && DAMAGE.has(code))
    return new ViewStoreDamagedError('SQLite cannot make sense of the file', { cause });
  return new StoreUnavailableError('The file of the view store cannot be used', { cause });
}

function primaryCode(error: unknown): number | undefined {
  return error instanceof Error && 'errcode' in error ? Number(error.errcode) & 0xff : undefined;
}
