import { existsSync, rmSync } from 'node:fs';
import { LedgerUnavailableError } from '@medseal/core/adapter';
import { type LedgerReport, verifyLedger, type VerifyLedgerOptions } from '../checking/verify-ledger.ts';
import { Closers } from '../database/closers.ts';
import { highWaterPath } from '../database/high-water.ts';
import { putInPlace } from '../database/put-in-place.ts';
import { resolvePath } from '../database/resolve-path.ts';
import { lockWriter } from '../database/writer-lock.ts';
import { LedgerPathError } from '../errors.ts';
import { copyLedger } from './copy-ledger.ts';

export interface RestoreOptions extends VerifyLedgerOptions {
  /** Replace the ledger that is there. Entries that the backup has not are lost: readers that saw them will refuse it. */
  readonly replace?: boolean | undefined;
}

/**
 * Verifies a backup and puts a copy of it in the place of a ledger, which nobody may have open.
 *
 * @throws LedgerPathError when a ledger is there and `replace` was not given.
 * @throws LedgerLockedError when its writer is still open; what `verifyLedger` throws when the backup is damaged.
 */
export async function restoreLedger(
  backup: string,
  ledger: string,
  options: RestoreOptions = {},
): Promise<LedgerReport> {
  const path = resolvePath(ledger);
  await using held = new Closers();
  held.use(lockWriter(path));
  if (existsSync(path) && options.replace !== true) throw new LedgerPathError('LEDGER_EXISTS', path);
  const report = await verifyLedger(backup, options);
  const partial = `${path}-partial`;
  await copyLedger(resolvePath(backup), partial, { signal: options.signal });
  try {
    // In this order a crash leaves the old ledger or the new one with the old note of its length: never a mixture that
    // opens.
    putInPlace(partial, path);
    rmSync(highWaterPath(path), { force: true });
  } catch (error) {
    rmSync(partial, { force: true });
    throw new LedgerUnavailableError('The backup can not be put in its place', { cause: error });
  }
  return report;
}
