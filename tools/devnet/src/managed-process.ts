import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { DevnetError } from './devnet-error.ts';
import type { Guard } from './guard.ts';

export interface ProcessOptions {
  /** A short name for messages, for example `peer0.org1`. */
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  /** The whole environment: nothing is inherited. */
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  /** Standard output and standard error are appended to this file. */
  readonly logFile: string;
  readonly guard: Guard;
  /** Resolves when the process can be used. If it rejects, the process is killed and the start rejects. */
  readonly ready: (child: ManagedProcess) => Promise<void>;
}

/** A child process that writes to a log file and dies with this process. */
export interface ManagedProcess {
  readonly name: string;
  readonly pid: number;
  isRunning(): boolean;
  /** The error for a process that has ended, with the last lines of its log. */
  exitError(): DevnetError;
  /** The last lines of the log. */
  logTail(): string;
  /** Sends the signal, after `graceMs` SIGKILL, and resolves when the process has gone. */
  stop(signal?: NodeJS.Signals, graceMs?: number): Promise<void>;
}

const LOG_TAIL_LINES = 20;
const DEFAULT_GRACE_MS = 1_500;

/** Starts a process in a process group of its own and waits until it is ready. */
export async function startProcess(options: ProcessOptions): Promise<ManagedProcess> {
  const child = await spawnProcess(options);
  try {
    await options.ready(child);
    return child;
  } catch (error) {
    await child.stop('SIGKILL');
    throw error;
  }
}

async function spawnProcess(options: ProcessOptions): Promise<ManagedProcess> {
  const { name, guard, logFile } = options;
  const log = openSync(logFile, 'a');
  const child = spawn(options.command, options.args, {
    cwd: options.cwd,
    env: options.env,
    detached: true,
    stdio: ['ignore', log, log],
  });
  closeSync(log);
  await once(child, 'spawn');
  const pid = child.pid;
  if (pid === undefined) throw new DevnetError('process-exited', `${name} was not started`);
  guard.add(pid);

  let running = true;
  let outcome = '';
  const exited = new Promise<void>((resolve) => {
    child.once('exit', (code, signal) => {
      running = false;
      outcome = signal === null ? `code ${code}` : signal;
      guard.remove(pid);
      resolve();
    });
  });
  const logTail = (): string => readFileSync(logFile, 'utf8').trimEnd().split('\n').slice(-LOG_TAIL_LINES).join('\n');

  return {
    name,
    pid,
    isRunning: () => running,
    logTail,
    exitError: () => new DevnetError('process-exited', `${name} ended with ${outcome}. End of its log:\n${logTail()}`),
    async stop(signal = 'SIGTERM', graceMs = DEFAULT_GRACE_MS) {
      if (!running) return;
      child.kill(signal);
      const late = new AbortController();
      const kill = sleep(graceMs, undefined, { signal: late.signal }).then(
        () => child.kill('SIGKILL'),
        () => undefined,
      );
      await exited;
      late.abort();
      await kill;
    },
  };
}
