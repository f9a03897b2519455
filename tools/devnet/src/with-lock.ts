import { rm, stat, utimes, writeFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';

export interface LockOptions {
  /** Called once when somebody else holds the lock. */
  readonly onWait?: () => void;
  readonly signal?: AbortSignal | undefined;
  /** A lock that was not refreshed for so long was left by a process that has died. Default 15 s. */
  readonly staleMs?: number;
}

const POLL_INTERVAL_MS = 200;

/**
 * Runs `action` while holding a lock file; a second caller, also in another process, waits. The holder refreshes the
 * file's time, so a lock that was left behind is taken over. It saves work and mix-ups; two callers may take over at
 * once, so nothing may break when both hold it.
 */
export async function withLock<Result>(
  path: string,
  action: () => Promise<Result>,
  options: LockOptions = {},
): Promise<Result> {
  const { onWait, signal, staleMs = 15_000 } = options;
  for (let tries = 0; !(await tryLock(path)); tries++) {
    signal?.throwIfAborted();
    if (tries === 0) onWait?.();
    if (await isStale(path, staleMs)) await rm(path, { force: true });
    else await sleep(POLL_INTERVAL_MS);
  }
  const refresh = setInterval(() => {
    const now = new Date();
    utimes(path, now, now).catch(() => {});
  }, staleMs / 5);
  try {
    return await action();
  } finally {
    clearInterval(refresh);
    await rm(path, { force: true });
  }
}

async function tryLock(path: string): Promise<boolean> {
  try {
    await writeFile(path, '', { flag: 'wx' });
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
}

async function isStale(path: string, staleMs: number): Promise<boolean> {
  try {
    return Date.now() - (await stat(path)).mtimeMs > staleMs;
  } catch {
    return false;
  }
}
