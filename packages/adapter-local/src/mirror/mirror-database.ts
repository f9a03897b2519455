import { closeSync, existsSync, openSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { StoreUnavailableError } from '@medseal/core/adapter';
import { isMedsealError } from '@medseal/protocol';
import { syncFolder } from '../ledger/database/sync-folder.ts';

/** "msmi": tells the file from other SQLite files. */
const APPLICATION_ID = 0x6d736d69;
const SCHEMA_VERSION = 1;

/** For the owner alone. */
const FILE_MODE = 0o600;

const TABLES = `
  CREATE TABLE debt (
    digest TEXT NOT NULL,
    copy TEXT NOT NULL,
    task TEXT NOT NULL CHECK (task IN ('delete', 'restore')),
    size INTEGER NOT NULL,
    locator TEXT NOT NULL,
    PRIMARY KEY (digest, copy)
  ) STRICT, WITHOUT ROWID;
  PRAGMA application_id = ${APPLICATION_ID};
  PRAGMA user_version = ${SCHEMA_VERSION};
`;

/** @throws StoreUnavailableError for a file of something else, which is left alone, and for one that another has open. */
export function openMirrorDatabase(path: string, create: boolean): DatabaseSync {
  if (!existsSync(path)) {
    if (!create) throw new StoreUnavailableError('The file is not there, or its disk is not mounted');
    closeSync(openSync(path, 'a', FILE_MODE));
    syncFolder(path);
  }
  const database = new DatabaseSync(path);
  try {
    database.exec('PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON');
    const kind = kindOf(database);
    if (kind === 'empty' && !create) throw new StoreUnavailableError('The file is empty');
    // Exclusive: the mirror keeps in memory what it has read here, so nobody else may change it.
    database.exec('PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL');
    if (kind === 'empty') inTransaction(database, () => database.exec(TABLES));
    else inTransaction(database, () => database.exec(`PRAGMA user_version = ${SCHEMA_VERSION}`));
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

/** Runs writes that are all durable when it returns, or undone when it throws. */
export function inTransaction(database: DatabaseSync, use: () => void): void {
  database.exec('BEGIN IMMEDIATE');
  try {
    use();
    database.exec('COMMIT');
  } catch (error) {
    // SQLite rolls back by itself on some errors, such as a full disk.
    if (database.isTransaction) database.exec('ROLLBACK');
    throw error;
  }
}

/** Runs what uses SQLite or its file, so that errors come out typed. */
export function fromSqlite<T>(use: () => T): T {
  try {
    return use();
  } catch (cause) {
    if (isMedsealError(cause)) throw cause;
    throw new StoreUnavailableError('The file of the mirror’s state cannot be used', { cause });
  }
}

function kindOf(database: DatabaseSync): 'empty' | 'own' {
  const [application, version] = ['application_id', 'user_version'].map((name) => pragma(database, name));
  if (application === APPLICATION_ID && version === SCHEMA_VERSION) return 'own';
  const tables = database.prepare('SELECT count(*) AS number FROM sqlite_schema').get()?.['number'];
  if (application === 0 && tables === 0) return 'empty';
  throw new StoreUnavailableError('The file is no state of a mirror, or one of another version');
}

function pragma(database: DatabaseSync, name: string): unknown {
  return database.prepare(`PRAGMA ${name}`).get()?.[name];
}
