import { readFile, rm, writeFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Runs `action` while holding a lock file; a second caller, also in another process, waits. A lock left by a process
 * that has gone is taken over. The lock only saves work: two holders at once would do no harm.
 */
export async function withLock<Result>(
  path: string,
  action: () => Promise<Result>,
  options: { readonly onWait?: () => void; readonly signal?: AbortSignal | undefined } = {},
): Promise<Result> {
  for (let tries = 0; !(await tryLock(path)); tries++) {
    options.signal?.throwIfAborted();
    if (tries === 0) options.onWait?.();
    await sleep(200);
  }
  try {
    return await action();
  } finally {
    await rm(path, { force: true });
  }
}

async function tryLock(path: string): Promise<boolean> {
  try {
    await writeFile(path, String(process.pid), { flag: 'wx' });
    return true;
  } catch {
    const holder = Number(await readFile(path, 'utf8').catch(() => ''));
    // An empty file is a lock being written.
    if (holder > 0 && !isAlive(holder)) await rm(path, { force: true });
    return false;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
