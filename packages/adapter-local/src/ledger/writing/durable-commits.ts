import { HighWaterMark } from '../database/high-water.ts';
import type { LedgerFile } from '../database/ledger-file.ts';
import type { Head } from '../reading/head.ts';
import type { Intent, Outcome } from './batch.ts';
import type { LedgerWriter } from './ledger-writer.ts';
import { LogSync } from './log-sync.ts';

/** Part of a sync's time for which a batch may wait for commands that are being verified, to share the sync with them. */
const PATIENCE = 0.5;

/**
 * Commits batches, and lets nothing of them out before they are on the disk. SQLite commits without a sync, and the log is
 * synced here: on another thread, unless the disk is so quick that this one loses more by that.
 */
export class DurableCommits implements AsyncDisposable {
  readonly #writer: LedgerWriter;
  readonly #sync: LogSync;
  readonly #mark: HighWaterMark;
  readonly #listeners: ((head: Head) => void)[] = [];
  #released: Head;

  /** Of a file that was synced when it was opened. */
  constructor({ path, database }: LedgerFile, writer: LedgerWriter) {
    this.#writer = writer;
    this.#released = writer.head;
    this.#sync = new LogSync(path);
    this.#mark = new HighWaterMark(path);
    this.#mark.write(writer.head);
    database.prepare('PRAGMA synchronous=NORMAL').get();
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

  /** Makes durable what else was written to the file. @throws LedgerUnavailableError */
  sync(): void {
    this.#sync.now();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#sync[Symbol.asyncDispose]();
    this.#mark[Symbol.dispose]();
  }

  async #later(head: Head, outcomes: readonly Outcome[]): Promise<readonly Outcome[]> {
    await this.#sync.later();
    this.#release(head);
    return outcomes;
  }

  #release(head: Head): void {
    this.#mark.write(head);
    this.#released = head;
    for (const listener of this.#listeners) listener(head);
  }
}
