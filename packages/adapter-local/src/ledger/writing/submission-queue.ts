import { LedgerUnavailableError, RejectedError } from '@medseal/core/adapter';
import type { Verification, VerifiedCommand } from '@medseal/protocol';
import type { Intent, Outcome } from './batch.ts';
import { WaitingRoom } from './waiting-room.ts';

/** What the ledger answers to a command that it took or had taken. */
export type Accepted = Exclude<Outcome, { kind: 'rejected' | 'failed' }>;

export interface QueueOptions {
  /** Most commands in one transaction. */
  readonly maxBatch: number;
  /** Most commands that wait; further ones wait outside, in order. */
  readonly maxWaiting: number;
  readonly verify: (wire: Uint8Array) => Promise<Verification>;
  /** Judges and writes a batch in order: outcomes that are durable, or will be once it resolves. The next batch waits. */
  readonly commit: (batch: readonly Intent[]) => readonly Outcome[] | Promise<readonly Outcome[]>;
  /** Milliseconds for which a batch waits for commands that are being verified; by default none. */
  readonly patience?: (() => number) | undefined;
}

type Result = { readonly accepted: Accepted } | { readonly error: Error };

interface Ticket {
  readonly wire: Uint8Array;
  verified: VerifiedCommand | undefined;
  /** Tells the caller, once; not to be called before the ticket was taken out of those that wait. */
  readonly settle: (result: Result) => void;
}

/** A ticket whose command is to be written. */
interface Ready {
  readonly ticket: Ticket;
  readonly intent: Intent;
}

/**
 * Group commit: commands wait here in the order of their arrival until their signatures are checked; then as many as
 * are ready go into one transaction, and share its one sync. Meanwhile others gather.
 */
export class SubmissionQueue {
  readonly #options: QueueOptions;
  /** Those in no batch yet. */
  readonly #tickets = new Set<Ticket>();
  readonly #outside = new WaitingRoom(() => this.#isFull);
  /** Commands of the batch that is being written. */
  #writing = 0;
  #written: Promise<void> | undefined;
  #verifying = 0;
  #scheduled = false;
  #patient: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(options: QueueOptions) {
    this.#options = options;
  }

  /**
   * Resolves once the command is durable. The signal is heard until the command is in a batch; then the commit decides.
   *
   * @throws RejectedError, LedgerUnavailableError and what `commit` throws.
   */
  async add(wire: Uint8Array, signal: AbortSignal | undefined): Promise<Accepted> {
    if (this.#isFull || !this.#outside.isEmpty) await this.#outside.wait(signal);
    if (this.#closed) throw closed();
    if (signal?.aborted === true) {
      // In the moment in which it was let in: the next has its place.
      this.#outside.letIn();
      throw signal.reason as Error;
    }
    return this.#enter(wire, signal);
  }

  /** Whoever is in no batch yet is told that the ledger was closed. Resolves when the last batch is written. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const ticket of this.#tickets) this.#drop(ticket, closed());
    this.#outside.letAllIn();
    clearTimeout(this.#patient);
    await this.#written;
  }

  get #isFull(): boolean {
    return this.#tickets.size + this.#writing >= this.#options.maxWaiting;
  }

  #enter(wire: Uint8Array, signal: AbortSignal | undefined): Promise<Accepted> {
    return new Promise((resolve, reject) => {
      const stop = (): void => this.#drop(ticket, signal?.reason as Error);
      const ticket: Ticket = {
        wire,
        verified: undefined,
        settle: (result) => {
          signal?.removeEventListener('abort', stop);
          if ('accepted' in result) resolve(result.accepted);
          else reject(result.error);
        },
      };
      signal?.addEventListener('abort', stop);
      this.#tickets.add(ticket);
      void this.#verify(ticket);
    });
  }

  /** Gives up a ticket that is in no batch yet. */
  #drop(ticket: Ticket, error: Error): void {
    if (!this.#tickets.delete(ticket)) return;
    ticket.settle({ error });
    this.#outside.letIn();
    this.#schedule();
  }

  async #verify(ticket: Ticket): Promise<void> {
    this.#verifying++;
    try {
      const verified = await this.#options.verify(ticket.wire);
      if ('outcome' in verified) this.#drop(ticket, new RejectedError(verified.code));
      else ticket.verified = verified;
    } catch (error) {
      this.#drop(ticket, error as Error);
    }
    this.#verifying--;
    this.#schedule();
  }

  /** Writes once the event loop has seen what else has come, and, on a slow disk, what is being verified. */
  #schedule(): void {
    if (this.#scheduled || this.#written !== undefined || !this.#firstIsReady()) return;
    const patience = this.#mayGrow() ? (this.#options.patience?.() ?? 0) : 0;
    if (patience === 0) this.#scheduleNow();
    else this.#patient ??= setTimeout(() => this.#scheduleNow(), patience);
  }

  #scheduleNow(): void {
    clearTimeout(this.#patient);
    this.#patient = undefined;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      const batch = this.#take();
      if (batch.length > 0) this.#commit(batch);
      this.#schedule();
    });
  }

  /** Whether what is being verified can still be in the next batch. */
  #mayGrow(): boolean {
    return this.#verifying > 0 && this.#tickets.size - this.#verifying < this.#options.maxBatch;
  }

  #firstIsReady(): boolean {
    const [first] = this.#tickets;
    return first?.verified !== undefined;
  }

  #take(): readonly Ready[] {
    const batch: Ready[] = [];
    for (const ticket of this.#tickets) {
      const { verified, wire } = ticket;
      if (verified === undefined || batch.length >= this.#options.maxBatch) break;
      this.#tickets.delete(ticket);
      batch.push({ ticket, intent: { verified, wire } });
    }
    return batch;
  }

  #commit(batch: readonly Ready[]): void {
    try {
      const outcomes = this.#options.commit(batch.map(({ intent }) => intent));
      if (outcomes instanceof Promise) this.#written = this.#settleLater(batch, outcomes);
      else this.#settle(batch, outcomes);
    } catch (error) {
      this.#fail(batch, error as Error);
    }
  }

  async #settleLater(batch: readonly Ready[], written: Promise<readonly Outcome[]>): Promise<void> {
    this.#writing = batch.length;
    try {
      const outcomes = await written;
      this.#writing = 0;
      this.#settle(batch, outcomes);
    } catch (error) {
      this.#writing = 0;
      this.#fail(batch, error as Error);
    }
    this.#written = undefined;
    this.#schedule();
  }

  #settle(batch: readonly Ready[], outcomes: readonly Outcome[]): void {
    for (const [i, { ticket, intent }] of batch.entries()) {
      ticket.settle(resultOf(outcomes[i], intent));
      this.#outside.letIn();
    }
  }

  #fail(batch: readonly Ready[], error: Error): void {
    for (const { ticket } of batch) {
      ticket.settle({ error });
      this.#outside.letIn();
    }
  }
}

function resultOf(outcome: Outcome | undefined, { verified: { id } }: Intent): Result {
  if (outcome === undefined) return { error: new TypeError('A command of the batch has no outcome') };
  if (outcome.kind === 'rejected') return { error: new RejectedError(outcome.code, { id }) };
  return outcome.kind === 'failed' ? { error: outcome.error as Error } : { accepted: outcome };
}

function closed(): LedgerUnavailableError {
  return new LedgerUnavailableError('The ledger was closed');
}
