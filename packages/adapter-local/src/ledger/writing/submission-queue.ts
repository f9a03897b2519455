import { LedgerUnavailableError, RejectedError } from '@medseal/core/adapter';
import type { Verification, VerifiedCommand } from '@medseal/protocol';
import type { Intent, Outcome } from './batch.ts';

/** What the ledger answers to a command that it took or had taken. */
export type Accepted = Exclude<Outcome, { kind: 'rejected' | 'failed' }>;

export interface QueueOptions {
  /** Most commands in one transaction. */
  readonly maxBatch: number;
  /** Most commands that wait; further ones wait outside, in order. */
  readonly maxWaiting: number;
  readonly verify: (wire: Uint8Array) => Promise<Verification>;
  /** Judges and writes a batch in order; durable when it returns. */
  readonly commit: (batch: readonly Intent[]) => readonly Outcome[];
}

interface Ticket {
  readonly wire: Uint8Array;
  verified: VerifiedCommand | undefined;
  readonly settle: (result: { readonly accepted: Accepted } | { readonly error: Error }) => void;
}

/**
 * Group commit: commands wait here in the order of their arrival until their signatures are checked; then as many as
 * are ready go into one transaction, and share its one fsync.
 */
export class SubmissionQueue {
  readonly #options: QueueOptions;
  readonly #tickets = new Set<Ticket>();
  readonly #outside = new Set<() => void>();
  #scheduled = false;
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
    if (this.#tickets.size >= this.#options.maxWaiting || this.#outside.size > 0) await this.#room(signal);
    if (this.#closed) throw closed();
    return this.#enter(wire, signal);
  }

  #enter(wire: Uint8Array, signal: AbortSignal | undefined): Promise<Accepted> {
    return new Promise((resolve, reject) => {
      const stop = (): void => ticket.settle({ error: signal?.reason as Error });
      const ticket: Ticket = {
        wire,
        verified: undefined,
        settle: (result) => {
          if (!this.#tickets.delete(ticket)) return;
          signal?.removeEventListener('abort', stop);
          this.#letIn();
          if ('accepted' in result) resolve(result.accepted);
          else reject(result.error);
          this.#schedule();
        },
      };
      signal?.addEventListener('abort', stop);
      this.#tickets.add(ticket);
      void this.#verify(ticket);
    });
  }

  /** Whoever waits is told that the ledger was closed. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    for (const ticket of this.#tickets) ticket.settle({ error: closed() });
    for (const enter of this.#outside) enter();
  }

  async #verify(ticket: Ticket): Promise<void> {
    try {
      const verified = await this.#options.verify(ticket.wire);
      if ('outcome' in verified) ticket.settle({ error: new RejectedError(verified.code) });
      else ticket.verified = verified;
    } catch (error) {
      ticket.settle({ error: error as Error });
    }
    this.#schedule();
  }

  /** Writes once the event loop has seen what else has come. */
  #schedule(): void {
    if (this.#scheduled || this.#closed || !this.#firstIsReady()) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      this.#commit();
      this.#schedule();
    });
  }

  #firstIsReady(): boolean {
    const [first] = this.#tickets;
    return first?.verified !== undefined;
  }

  #commit(): void {
    const batch: { readonly ticket: Ticket; readonly intent: Intent }[] = [];
    for (const ticket of this.#tickets) {
      if (ticket.verified === undefined || batch.length >= this.#options.maxBatch) break;
      batch.push({ ticket, intent: { verified: ticket.verified, wire: ticket.wire } });
    }
    if (batch.length === 0) return;
    try {
      const outcomes = this.#options.commit(batch.map(({ intent }) => intent));
      batch.forEach(({ ticket, intent }, i) => ticket.settle(resultOf(outcomes[i], intent)));
    } catch (error) {
      for (const { ticket } of batch) ticket.settle({ error: error as Error });
    }
  }

  /** Resolves when there may be room. */
  #room(signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      const enter = (): void => {
        this.#outside.delete(enter);
        signal?.removeEventListener('abort', stop);
        resolve();
      };
      const stop = (): void => {
        this.#outside.delete(enter);
        this.#letIn();
        reject(signal?.reason as Error);
      };
      this.#outside.add(enter);
      signal?.addEventListener('abort', stop);
    });
  }

  #letIn(): void {
    const [enter] = this.#outside;
    if (this.#tickets.size < this.#options.maxWaiting) enter?.();
  }
}

function resultOf(outcome: Outcome | undefined, { verified: { id } }: Intent): Parameters<Ticket['settle']>[0] {
  if (outcome === undefined) return { error: new TypeError('A command of the batch has no outcome') };
  if (outcome.kind === 'rejected') return { error: new RejectedError(outcome.code, { id }) };
  return outcome.kind === 'failed' ? { error: outcome.error as Error } : { accepted: outcome };
}

function closed(): LedgerUnavailableError {
  return new LedgerUnavailableError('The ledger was closed');
}
