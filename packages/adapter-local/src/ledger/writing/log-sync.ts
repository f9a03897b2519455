import { closeSync, fdatasync, fdatasyncSync, openSync } from 'node:fs';
import { promisify } from 'node:util';
import type { LedgerUnavailableError } from '@medseal/core/adapter';
import { notSynced, SYNCABLE } from '../database/sync-file.ts';
import { logPath } from '../database/sync-log.ts';

/** Milliseconds up to which a sync is quick: on another thread it takes longer, above all while all cores are busy. */
const QUICK = 1;
/**
 * The quickest but one of so many syncs tells what the disk takes. Most of the others waited for something else too, and
 * one may have found nothing to do: SQLite syncs the log itself when it carries it over.
 */
const RECENT = 8;

const sync = promisify(fdatasync);

/**
 * Makes durable what was committed to a database without a sync: all of that is in SQLite's write-ahead log, and whole
 * commits of it survive in their order.
 */
export class LogSync implements AsyncDisposable {
  readonly #file: number;
  #recent: readonly number[] = [];
  #running: Promise<void> | undefined;
  #failure: LedgerUnavailableError | undefined;

  /** @param path of a database that is open, so that its log is there and stays the same file */
  constructor(path: string) {
    try {
      this.#file = openSync(logPath(path), SYNCABLE);
    } catch (error) {
      throw notSynced(error);
    }
  }

  /** Milliseconds that the next sync is expected to take. */
  get expected(): number {
    const [quickest = 0, second = quickest] = this.#recent.toSorted((a, b) => a - b);
    return second;
  }

  /** Whether this thread loses less by waiting for a sync than by having it done elsewhere. */
  get isQuick(): boolean {
    return this.expected < QUICK;
  }

  /**
   * After a sync has failed nobody knows what is on the disk, and another one that succeeds does not tell: the kernel
   * may have given up what it could not write. Opening the ledger anew takes what the kernel has.
   *
   * @throws LedgerUnavailableError once a sync has failed
   */
  check(): void {
    if (this.#failure !== undefined) throw this.#failure;
  }

  /** Syncs here. @throws LedgerUnavailableError */
  now(): void {
    this.check();
    const started = performance.now();
    try {
      fdatasyncSync(this.#file);
    } catch (error) {
      throw this.#failed(error);
    }
    this.#took(performance.now() - started);
  }

  /** Syncs on another thread what was committed before the call; one at a time. Rejects with LedgerUnavailableError. */
  later(): Promise<void> {
    this.#running = (this.#running ?? Promise.resolve()).then(() => this.#sync());
    return this.#running;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#running?.catch(() => undefined);
    closeSync(this.#file);
  }

  async #sync(): Promise<void> {
    this.check();
    const started = performance.now();
    try {
      await sync(this.#file);
    } catch (error) {
      throw this.#failed(error);
    }
    this.#took(performance.now() - started);
  }

  #took(time: number): void {
    this.#recent = [...this.#recent.slice(1 - RECENT), time];
  }

  #failed(error: unknown): LedgerUnavailableError {
    return (this.#failure ??= notSynced(error));
  }
}
