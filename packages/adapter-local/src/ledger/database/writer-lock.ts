import { writeFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { LedgerLockedError } from '../errors.ts';
import { asLedgerError, isBusy } from './sqlite-errors.ts';

/** File beside the ledger that its writer holds locked. It stays empty. */
export function lockPath(path: string): string {
  return `${path}-lock`;
}

/**
 * Becomes the one writer of a ledger, until disposal or the end of the process, however that ends: the lock is the
 * operating system's, on a second SQLite file, since one on the ledger itself would keep readers out.
 *
 * @throws LedgerLockedError when another writer, also of this process, has the ledger.
 * @throws LedgerUnavailableError when the file can not be made.
 */
export function lockWriter(path: string): Disposable {
  let lock: DatabaseSync | undefined;
  makeForOwner(lockPath(path));
  try {
    lock = new DatabaseSync(lockPath(path));
    lock.exec('PRAGMA busy_timeout=0; PRAGMA journal_mode=MEMORY; BEGIN EXCLUSIVE');
  } catch (error) {
    lock?.close();
    throw isBusy(error) ? new LedgerLockedError(path, { cause: error }) : asLedgerError(error);
  }
  let held: DatabaseSync | undefined = lock;
  return {
    [Symbol.dispose]: () => {
      held?.close();
      held = undefined;
    },
  };
}

/**
 * Only the owner may open it, so that nobody else can keep writers out. Never opened by Node where it is there: closing
 * it would let go of a lock that this process holds.
 */
function makeForOwner(path: string): void {
  try {
    writeFileSync(path, '', { mode: 0o600, flag: 'wx' });
  } catch {
    // It is there, or SQLite will say why it can not be.
  }
}
