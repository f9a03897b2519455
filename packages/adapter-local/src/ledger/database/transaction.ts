import type { DatabaseSync } from 'node:sqlite';
import { guarded } from './sqlite-errors.ts';

/** Runs synchronous reads on one state of the file. */
export function inTransaction<T>(database: DatabaseSync, use: () => T): T {
  return guarded(() => {
    if (database.isTransaction) return use();
    database.exec('BEGIN');
    try {
      return use();
    } finally {
      if (database.isTransaction) database.exec('COMMIT');
    }
  });
}

/** Runs synchronous writes; they are durable when this returns, and undone when it throws. */
export function writing<T>(database: DatabaseSync, use: () => T): T {
  return guarded(() => {
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
  });
}
