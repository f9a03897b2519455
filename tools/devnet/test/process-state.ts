import { spawnSync } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';

/** Whether a process runs. One that has ended but was not collected by its parent does not count. */
export function isRunning(pid: number): boolean {
  const { stdout } = spawnSync('ps', ['-o', 'stat=', '-p', String(pid)], { encoding: 'utf8' });
  const state = stdout.trim();
  return state !== '' && !state.startsWith('Z');
}

/** The processes that still run after at most `timeoutMs`. */
export async function stillRunning(pids: readonly number[], timeoutMs: number): Promise<readonly number[]> {
  const deadline = performance.now() + timeoutMs;
  let left = pids.filter(isRunning);
  while (left.length > 0 && performance.now() < deadline) {
    await sleep(20);
    left = left.filter(isRunning);
  }
  return left;
}
