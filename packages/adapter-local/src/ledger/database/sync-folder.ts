import { closeSync, fsyncSync, openSync } from 'node:fs';
import { dirname } from 'node:path';

/** Makes the name of a new file durable. */
export function syncFolder(path: string): void {
  if (process.platform === 'win32') return; // NTFS journals names by itself, and opens no folder.
  const folder = openSync(dirname(path), 'r');
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}
