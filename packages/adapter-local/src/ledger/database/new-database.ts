import { rmSync, writeFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { LedgerUnavailableError } from '@medseal/core/adapter';
import { APPLICATION_ID, SCHEMA_VERSION } from './schema.ts';
import { guarded } from './sqlite-errors.ts';

/** For the owner alone: SQLite gives its log and shared memory the mode of the database. */
const FILE_MODE = 0o600;

/** Twice that of SQLite: a commit of many entries then takes a quarter less of processor time, and one of one no more. */
const PAGE = 8_192;

/** Makes the file of a ledger anew, marked as one, and closes it when it was used. */
export function withNewDatabase(path: string, use: (database: DatabaseSync) => void): void {
  const database = newDatabase(path);
  try {
    guarded(() => use(database));
  } finally {
    database.close();
  }
}

/** {@link withNewDatabase}, to be closed by the caller. */
export function newDatabase(path: string): DatabaseSync {
  try {
    rmSync(path, { force: true });
    writeFileSync(path, '', { mode: FILE_MODE, flag: 'wx' });
  } catch (error) {
    throw new LedgerUnavailableError('The file of the ledger can not be made', { cause: error });
  }
  return guarded(() => {
    const database = new DatabaseSync(path);
    try {
      database.exec(`PRAGMA page_size=${PAGE}; PRAGMA busy_timeout=5000`);
      database.exec(`PRAGMA application_id=${APPLICATION_ID}; PRAGMA user_version=${SCHEMA_VERSION}`);
      return database;
    } catch (error) {
      database.close();
      throw error;
    }
  });
}
