import { renameSync, rmSync } from 'node:fs';
import { syncFolder } from './sync-folder.ts';

/** Gives a new, whole file its place. SQLite would read what it left beside an older file there into the new one. */
export function putInPlace(partial: string, path: string): void {
  for (const suffix of ['-wal', '-shm']) rmSync(`${path}${suffix}`, { force: true });
  renameSync(partial, path);
  syncFolder(path);
}
