import { closeSync, existsSync, openSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { StoreUnavailableError, ViewStoreDamagedError } from '@medseal/core/adapter';
import { isMedsealError } from '@medseal/protocol';

/** "msvw": tells the file from other SQLite files, above all from a ledger. */
const APPLICATION_ID = 0x6d737677;
const SCHEMA_VERSION = 1;

/** For the owner alone. */
const FILE_MODE = 0o600;

const TABLES = `
  CREATE TABLE entry (position INTEGER PRIMARY KEY, bytes BLOB NOT NULL) STRICT;
  CREATE TABLE checkpoint (id INTEGER PRIMARY KEY CHECK (id = 1), bytes BLOB NOT NULL) STRICT;
  PRAGMA application_id = ${APPLICATION_ID};
  PRAGMA user_version = ${SCHEMA_VERSION};
`;

/** ERROR (a table is gone), CORRUPT, MISMATCH, NOTADB (sqlite.org/rescode.html). */
const DAMAGE: ReadonlySet<number> = new Set([1, 11, 20, 26]);

const BUSY = 5;

/** @throws StoreUnavailableError for a file of something else, which is left alone. */
export function openViewDatabase(path: string): DatabaseSync {
  if (!existsSync(path)) closeSync(openSync(path, 'a', FILE_MODE));
  const database = new DatabaseSync(path);
  try {
    // No waiting in SQLite, which would hold up the whole process.
    database.exec('PRAGMA busy_timeout = 0; PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON');
    prepareTables(database);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

function prepareTables(database: DatabaseSync): void {
  requireOwnFile(database);
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; BEGIN IMMEDIATE');
  try {
    // Again, and now nobody else can be making them.
    if (requireOwnFile(database) === 'empty') database.exec(TABLES);
    database.exec('COMMIT');
  } catch (error) {
    if (database.isTransaction) database.exec('ROLLBACK');
    throw error;
  }
}

function requireOwnFile(database: DatabaseSync): 'empty' | 'own' {
  const [application, version] = ['application_id', 'user_version'].map((name) => pragma(database, name));
  if (application === APPLICATION_ID && version === SCHEMA_VERSION) return 'own';
  const tables = database.prepare('SELECT count(*) AS number FROM sqlite_schema').get()?.['number'];
  if (application === 0 && tables === 0) return 'empty';
  throw new StoreUnavailableError('The file is no view store of this version');
}

function pragma(database: DatabaseSync, name: string): unknown {
  return database.prepare(`PRAGMA ${name}`).get()?.[name];
}

/** Whether it was somebody else who had the file, for now. */
export function isBusy(error: unknown): boolean {
  return error instanceof StoreUnavailableError && primaryCode(error.cause) === BUSY;
}

function primaryCode(error: unknown): number | undefined {
  return error instanceof Error && 'errcode' in error ? Number(error.errcode) & 0xff : undefined;
}

/** Runs what uses SQLite or its file, so that errors come out typed. */
export function fromSqlite<T>(use: () => T): T {
  try {
    return use();
  } catch (cause) {
    if (isMedsealError(cause)) throw cause;
    const code = primaryCode(cause);
    if (code !== undefined && DAMAGE.has(code))
      throw new ViewStoreDamagedError('SQLite cannot make sense of the file', { cause });
    throw new StoreUnavailableError('The file of the view store cannot be used', { cause });
  }
}
