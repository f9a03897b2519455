import { existsSync } from 'node:fs';
import { readHighWater } from './high-water.ts';
import { syncFile } from './sync-file.ts';

/** SQLite's write-ahead log of a database. */
export function logPath(path: string): string {
  return `${path}-wal`;
}

/** Waits until all that was committed to a database is on the disk, whoever committed it. */
export function syncLog(path: string): void {
  if (existsSync(logPath(path))) syncFile(logPath(path));
}

/**
 * For who reads a log of `size` entries beside its writer, or after one that was killed: its last commit may be seen
 * before it is on the disk. What was acknowledged is there; the rest is synced now, before anything is told of it.
 */
export function syncUnacknowledged(path: string, size: number): void {
  const mark = readHighWater(path);
  if (mark === undefined || mark.size < size) syncLog(path);
}
