import type { DatabaseSync } from 'node:sqlite';
import type { HighWaterMark } from '../database/high-water.ts';
import type { Head } from '../reading/head.ts';
import type { Intent, Outcome } from './batch.ts';
import type { LedgerWriter } from './ledger-writer.ts';
import type { LogSync } from './log-sync.ts';

/** Part of a sync's time for which a batch may wait for commands that are being verified, to share the sync with them. */
const PATIENCE = 0.5;

export interface DurableCommitsParts {
  /** Synced when it was opened. */
  readonly database: DatabaseSync;
  readonly writer: LedgerWriter;
  readonly sync: LogSync;
  readonly mark: HighWaterMark;
}

/**
 * Commits batches, and lets nothing of them out before they are on the disk. SQLite commits without a sync, and the log is
 * synced here: on another thread, unless the disk is so quick that this one loses more by that.
 */
export class DurableCommits {
  readonly #database: DatabaseSync;
  readonly #writer: LedgerWriter;
  readonly #sync: LogSync;
  readonly #mark: HighWaterMark;
  readonly #listeners: ((head: Head) => void)[] = [];
  #released: Head;

  constructor({ database, writer, sync, mark }: DurableCommitsParts) {
    this.#database = database;
    this.#writer = writer;
    this.#sync = sync;
    this.#mark = mark;
    this.#released = writer.head;
    mark.write(writer.head);
    this.#setSynchronous('NORMAL');
  }

  /** The last state of the log that is durable: nobody is told of more. */
  get released(): Head {
    return this.#released;
  }

  /** Is told of each state of the log that is durable, before the outcomes that led to it. */
  onReleased(listener: (head: Head) => void): void {
    this.#listeners.push(listener);
  }

  /** Whole milliseconds for which it pays to wait before the next commit, if others can then be in it. */
  get patience(): number {
    return Math.floor(PATIENCE * this.#sync.expected);
  }

  /**
   * One outcome for each command, in order, once all is durable that they follow from.
   *
   * @throws LedgerUnavailableError, LedgerCorruptError, or rejects with one: nothing of the batch is acknowledged.
   */
  commit(batch: readonly Intent[]): readonly Outcome[] | Promise<readonly Outcome[]> {
    this.#sync.check();
    const outcomes = this.#writer.commit(batch);
    const { head } = this.#writer;
    // Also what was known or refused may follow from a commit whose end nobody heard of.
    if (head.note === this.#released.note) return outcomes;
    if (!this.#sync.isQuick) return this.#later(head, outcomes);
    this.#sync.now();
    this.#release(head);
    return outcomes;
  }

  /**
   * Runs what else is written to the file. SQLite syncs that itself, before readers see it, and through a file of its
   * own: a sync here, while one is under way, could be told of a failure that the other then does not hear of.
   *
   * @throws LedgerUnavailableError, and what `write` throws.
   */
  writeSynced<T>(write: () => T): T {
    this.#sync.check();
    this.#setSynchronous('FULL');
    try {
      return write();
    } finally {
      this.#setSynchronous('NORMAL');
    }
  }

  async #later(head: Head, outcomes: readonly Outcome[]): Promise<readonly Outcome[]> {
    await this.#sync.later();
    this.#release(head);
    return outcomes;
  }

  #setSynchronous(level: 'NORMAL' | 'FULL'): void {
    this.#database.prepare(`PRAGMA synchronous=${level}`).get();
  }

  #release(head: Head): void {
    this.#mark.write(head);
    this.#released = head;
    for (const listener of this.#listeners) listener(head);
  }
}
