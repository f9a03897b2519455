import { closeSync, openSync } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';
import { StoreUnavailableError } from '@medseal/core/adapter';
import { isMedsealError } from '@medseal/protocol';
import { FILE_MODE } from '../files/durable-folder.ts';
import { outage } from '../files/io.ts';

/** A kind of SQLite files, told from others by what their headers say. */
export interface FileKind {
  /** For messages. */
  readonly name: string;
  readonly applicationId: number;
  readonly version: number;
  /** Statements that make its tables. */
  readonly tables: string;
}

/** Makes an empty file for the owner alone, where there is none: SQLite would let others read it. */
export function makeFile(path: string): void {
  closeSync(openSync(path, 'a', FILE_MODE));
}

/** @throws StoreUnavailableError for a file of something else, which is left alone. */
export function contentOf(database: DatabaseSync, { name, applicationId, version }: FileKind): 'empty' | 'own' {
  const [application, schema] = ['application_id', 'user_version'].map((field) => pragma(database, field));
  if (application === applicationId && schema === version) return 'own';
  const tables = database.prepare('SELECT count(*) AS number FROM sqlite_schema').get()?.['number'];
  if (application === 0 && tables === 0) return 'empty';
  throw new StoreUnavailableError(`The file is no ${name}, or one of another version`);
}

/** Makes the tables where the file is empty, while nobody else can. Writes to the file in any case. */
export function prepareTables(database: DatabaseSync, kind: FileKind): void {
  writing(database, () => {
    if (contentOf(database, kind) === 'empty') database.exec(kind.tables);
    database.exec(`PRAGMA application_id = ${kind.applicationId}; PRAGMA user_version = ${kind.version}`);
  });
}

/** Runs writes that are all durable when it returns, or undone when it throws. */
export function writing<T>(database: DatabaseSync, use: () => T): T {
  database.exec('BEGIN IMMEDIATE');
  try {
    const result = use();
    database.exec('COMMIT');
    return result;
  } catch (error) {
    // SQLite rolls back by itself on some errors, such as a full disk.
    if (database.isTransaction) database.exec('ROLLBACK');
    throw error;
  }
}

/**
 * Runs what uses SQLite or its file, so that errors come out typed.
 *
 * @param explain what an error of SQLite means
 */
export function fromSqlite<T>(use: () => T, explain: (cause: unknown) => Error): T {
  try {
    return use();
  } catch (error) {
    const cause = outage(error);
    throw isMedsealError(cause) ? cause : explain(cause);
  }
}

function pragma(database: DatabaseSync, name: string): unknown {
  return database.prepare(`PRAGMA ${name}`).get()?.[name];
}
