import { setTimeout as sleep } from 'node:timers/promises';
import { DevnetError } from './devnet-error.ts';
import type { ManagedProcess } from './managed-process.ts';

export interface WaitOptions {
  /** Default 30 s. */
  readonly timeoutMs?: number;
  /** Time between two probes; default 20 ms. */
  readonly intervalMs?: number;
  readonly signal?: AbortSignal | undefined;
  /** The wait fails at once when one of these ends. */
  readonly processes?: readonly ManagedProcess[];
}

/**
 * Repeats a probe until it returns true. A probe that throws counts as "not yet".
 *
 * @param what What is waited for, as in "timeout while waiting for …".
 * @throws {DevnetError} `not-ready` after the timeout, `process-exited` when a watched process has ended.
 */
export async function waitUntil(what: string, probe: () => Promise<boolean>, options: WaitOptions = {}): Promise<void> {
  const { timeoutMs = 30_000, intervalMs = 20, signal, processes = [] } = options;
  const deadline = performance.now() + timeoutMs;
  let cause: unknown;
  for (;;) {
    signal?.throwIfAborted();
    try {
      if (await probe()) return;
    } catch (error) {
      cause = error;
    }
    const ended = processes.find((process) => !process.isRunning());
    if (ended !== undefined) throw ended.exitError();
    if (performance.now() > deadline) {
      const logs = processes.map((process) => `\nEnd of the log of ${process.name}:\n${process.logTail()}`);
      const reason = cause instanceof Error ? `: ${cause.message}` : '';
      throw new DevnetError('not-ready', `timeout while waiting for ${what}${reason}${logs.join('')}`, { cause });
    }
    await sleep(intervalMs);
  }
}
