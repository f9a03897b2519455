import { closeSync, fsyncSync, openSync } from 'node:fs';
import { LedgerUnavailableError } from '@medseal/core/adapter';

/** Waits until what was written to a file is on the disk, whoever wrote it. */
export function syncFile(path: string): void {
  try {
    const file = openSync(path, 'r+');
    try {
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
  } catch (error) {
    throw new LedgerUnavailableError('A file of the ledger can not be written to the disk', { cause: error });
  }
}
