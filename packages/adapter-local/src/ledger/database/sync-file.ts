import { closeSync, fdatasyncSync, openSync } from 'node:fs';
import { LedgerUnavailableError } from '@medseal/core/adapter';

/** Windows syncs only what may be written. Elsewhere who may only read a file can wait for it too. */
export const SYNCABLE: 'r' | 'r+' = process.platform === 'win32' ? 'r+' : 'r';

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
    throw notSynced(error);
  }
}

export function notSynced(cause: unknown): LedgerUnavailableError {
  return new LedgerUnavailableError('A file of the ledger can not be written to the disk', { cause });
}
