import { realpathSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { LedgerUnavailableError } from '@medseal/core/adapter';

/**
 * One name for a file, however it was reached: the lock and the notes beside it hang on that.
 *
 * @throws LedgerUnavailableError when its folder is not there.
 */
export function resolvePath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    // Not there yet.
  }
  try {
    return join(realpathSync(dirname(path)), basename(path));
  } catch (error) {
    throw new LedgerUnavailableError('The folder of the ledger can not be reached', { cause: error });
  }
}
