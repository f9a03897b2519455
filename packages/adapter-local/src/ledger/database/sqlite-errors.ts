import { LedgerUnavailableError, WrongLedgerError } from '@medseal/core/adapter';
import { isMedsealError } from '@medseal/protocol';
import { LedgerCorruptError } from '../errors.ts';

/** Primary result codes of SQLite (sqlite.org/rescode.html), and what they mean for a ledger. */
const meanings: Readonly<Record<number, string>> = {
  5: 'The file of the ledger is locked by somebody else',
  6: 'The file of the ledger is locked by somebody else',
  7: 'There is not enough memory',
  8: 'The file of the ledger or its folder can not be written',
  10: 'The file of the ledger can not be read or written',
  13: 'The disk is full',
  14: 'The file of the ledger can not be opened',
};
const NOT_A_DATABASE = 26;
/** ERROR (a table or column is gone), CORRUPT, CONSTRAINT, MISMATCH: the file is not as it was written. */
const DAMAGE: ReadonlySet<number> = new Set([1, 11, 19, 20]);

/** The typed error for what `node:sqlite` threw; what is no error of SQLite comes back as it is. */
export function asLedgerError(error: unknown): unknown {
  if (isMedsealError(error) || !(error instanceof Error) || !('code' in error)) return error;
  if (error.code === 'ERR_INVALID_STATE')
    return new LedgerUnavailableError('The file of the ledger is not open', { cause: error });
  if (error.code !== 'ERR_SQLITE_ERROR' || !('errcode' in error)) return error;
  const code = Number(error.errcode) & 0xff;
  if (code === NOT_A_DATABASE) return new WrongLedgerError('The file is no ledger of medseal', { cause: error });
  if (DAMAGE.has(code)) return new LedgerCorruptError('SQLite can not make sense of the file', { cause: error });
  const meaning = meanings[code] ?? 'SQLite failed';
  return new LedgerUnavailableError(meaning, { cause: error });
}

/** Runs what uses SQLite, so that its errors come out typed. */
export function guarded<T>(use: () => T): T {
  try {
    return use();
  } catch (error) {
    throw asLedgerError(error);
  }
}

/** Whether SQLite said that a lock is held. */
export function isBusy(error: unknown): boolean {
  if (!(error instanceof Error) || !('errcode' in error)) return false;
  const code = Number(error.errcode) & 0xff;
  return code === 5 || code === 6;
}
