import { existsSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { StoreUnavailableError } from '@medseal/core/adapter';
import { syncFolder } from '../ledger/database/sync-folder.ts';
import { contentOf, type FileKind, makeFile, prepareTables } from '../sqlite/own-file.ts';

const KIND: FileKind = {
  name: 'state of a mirror',
  /** "msmi": tells the file from other SQLite files. */
  applicationId: 0x6d736d69,
  version: 1,
  tables: `
    CREATE TABLE debt (
      digest TEXT NOT NULL,
      copy TEXT NOT NULL,
      task TEXT NOT NULL CHECK (task IN ('delete', 'restore')),
      size INTEGER NOT NULL,
      locator TEXT NOT NULL,
      PRIMARY KEY (digest, copy)
    ) STRICT, WITHOUT ROWID`,
};

/** @throws StoreUnavailableError for a file of something else, which is left alone, and for one that another has open. */
export function openMirrorDatabase(path: string, create: boolean): DatabaseSync {
  if (!existsSync(path)) {
    if (!create) throw new StoreUnavailableError('The file is not there, or its disk is not mounted');
    makeFile(path);
    syncFolder(path);
  }
  const database = new DatabaseSync(path);
  try {
    database.exec('PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON');
    if (contentOf(database, KIND) === 'empty' && !create) throw new StoreUnavailableError('The file is empty');
    // Exclusive: the mirror keeps in memory what it has read here, so nobody else may change it. The first write locks.
    database.exec('PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL');
    prepareTables(database, KIND);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}
