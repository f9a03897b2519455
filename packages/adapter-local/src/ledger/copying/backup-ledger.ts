import { existsSync, rmSync } from 'node:fs';
import { LedgerUnavailableError } from '@medseal/core/adapter';
import { highWaterPath } from '../database/high-water.ts';
import { putInPlace } from '../database/put-in-place.ts';
import { resolvePath } from '../database/resolve-path.ts';
import { LedgerPathError } from '../errors.ts';
import { copyLedger, type CopyOptions } from './copy-ledger.ts';

/**
 * Writes one state of a ledger to a new file, beside its writer. The key of its checkpoints is not in it: keep that
 * elsewhere.
 *
 * @throws LedgerPathError when there is no ledger, or the new file is there already.
 */
export async function backupLedger(ledger: string, backup: string, options: CopyOptions = {}): Promise<void> {
  await writeBackup(ledger, backup, options);
}

/** {@link backupLedger}. Resolves with the number of entries in the backup. */
export async function writeBackup(ledger: string, backup: string, options: CopyOptions): Promise<number> {
  const to = resolvePath(backup);
  if (existsSync(to)) throw new LedgerPathError('LEDGER_EXISTS', to);
  const partial = `${to}-partial`;
  const entries = await copyLedger(resolvePath(ledger), partial, options);
  try {
    rmSync(highWaterPath(to), { force: true });
    putInPlace(partial, to);
  } catch (error) {
    rmSync(partial, { force: true });
    throw new LedgerUnavailableError('The backup can not be put in its place', { cause: error });
  }
  return entries;
}
