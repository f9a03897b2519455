import { closeSync, fdatasyncSync, openSync } from 'node:fs';
import { LedgerUnavailableError } from '@medseal/core/adapter';

/** Windows syncs only what may be written. Elsewhere who may only read a file can wait for it too. */
export const SYNCABLE: 'r' | 'r+' = process.platform === 'win32' ? 'r+' : 'r';

/** So answer file systems that know no sync, such as squashfs: nobody writes there, and nothing is to be waited for. */
const NO_SYNC = 'EINVAL';

/** Waits until what was written to a file is on the disk, whoever wrote it. */
export function syncFile(path: string): void {
  try {
    const file = openSync(path, SYNCABLE);
    try {
      fdatasyncSync(file);
    } finally {
      closeSync(file);
    }
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === NO_SYNC) return;
    throw notSynced(error);
  }
}

export function notSynced(cause: unknown): LedgerUnavailableError {
  return new LedgerUnavailableError('A file of the ledger can not be written to the disk', { cause });
}
