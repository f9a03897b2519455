import type { DatabaseSync } from 'node:sqlite';
import { guarded } from './sqlite-errors.ts';

const reading = new WeakSet<DatabaseSync>();

/** Runs synchronous reads on one state of the file; within others, on theirs. */
export function inTransaction<T>(database: DatabaseSync, use: () => T): T {
  return guarded(() => {
    if (reading.has(database)) return use();
    database.exec('BEGIN');
    reading.add(database);
    try {
      return use();
    } finally {
      reading.delete(database);
      end(database, 'COMMIT');
    }
  });
}

/**
 * Runs synchronous writes: all of them or, when it throws, none. They are durable when this returns, unless somebody else
 * syncs for SQLite (see `DurableCommits`).
 */
export function writing<T>(database: DatabaseSync, use: () => T): T {
  return guarded(() => {
    database.exec('BEGIN IMMEDIATE');
    try {
      const result = use();
      database.exec('COMMIT');
      return result;
    } catch (error) {
      end(database, 'ROLLBACK');
      throw error;
    }
  });
}

/** SQLite ends a transaction by itself on some errors, such as a full disk; then there is none to end. */
function end(database: DatabaseSync, how: 'COMMIT' | 'ROLLBACK'): void {
  try {
    database.exec(how);
  } catch {
    // What went wrong before is what the caller hears of; what was read is read.
    if (how === 'COMMIT') end(database, 'ROLLBACK');
  }
}
