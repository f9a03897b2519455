import type { DatabaseSync } from 'node:sqlite';
import type { Tables } from '../database/tables.ts';
import { writing } from '../database/transaction.ts';
import { LedgerCorruptError } from '../errors.ts';
import { decodeChanges, encodeChanges } from './commit-changes.ts';
import type { Tail } from './tail.ts';

export interface CatchUpParts {
  readonly database: DatabaseSync;
  readonly tables: Pick<Tables, 'commits'>;
  readonly tail: Tail;
}

/**
 * Carries everything over at once; only the last commit is left. A pass that its writer did not live to finish begins
 * anew with the next: where writers are short-lived, what opening reads would grow with the log.
 *
 * @param size of the log, which the tail has followed
 * @throws LedgerCorruptError, LedgerUnavailableError: then all is as it was in the file, and the tail reads it anew.
 */
export function catchUp({ database, tables: { commits }, tail }: CatchUpParts, size: number): void {
  try {
    writing(database, () => {
      for (const table of [tail.ids, tail.state]) {
        const changes = table.changes();
        for (let done = 0; done < changes.length;) done = table.write(changes, done);
      }
      const [last] = commits.behind(size - 1);
      if (last === undefined) throw new LedgerCorruptError('commits are missing');
      const changes = decodeChanges(size, last.changes);
      commits.remove(size);
      commits.put({ ...last, changes: encodeChanges(size, { ...changes, carried: changes.from }) });
    });
  } finally {
    tail.forget();
    tail.keepBlocks();
  }
}
