import { LedgerUnavailableError, type LedgerEntry, type Receipt } from '@medseal/core/adapter';
import { commandId, type CommandId, decodeCommand, type Domain } from '@medseal/protocol';
import { withSignal } from './abort.ts';

/** Entries of one block, as the index is fed with them. */
export interface IndexedBlock {
  readonly number: number;
  readonly entries: readonly LedgerEntry[];
}

interface Waiter {
  readonly height: number;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/**
 * First receipts by command id. No ledger stores ids, so the index is built from the log itself, once in the life of an
 * adapter: about 250 bytes of memory a command.
 */
export class EntryIndex {
  readonly #receipts = new Map<CommandId, Receipt>();
  readonly #domain: Domain;
  readonly #waiters = new Set<Waiter>();
  #height: number;
  #failure: { readonly error: unknown } | undefined;

  /** @param from First block that may hold an entry. */
  constructor(domain: Domain, from: number) {
    this.#domain = domain;
    this.#height = from;
  }

  get(id: CommandId): Receipt | undefined {
    return this.#receipts.get(id);
  }

  add({ number, entries }: IndexedBlock): void {
    for (const { cursor, time, wire, violation } of entries) {
      const { definition, words } = decodeCommand(wire);
      const id = commandId(definition, words, this.#domain);
      if (!this.#receipts.has(id)) this.#receipts.set(id, { id, cursor, time, violation });
    }
    this.#height = number + 1;
    for (const waiter of this.#waiters) if (waiter.height <= this.#height) waiter.resolve();
  }

  /** No block follows: whoever waits is told why. */
  end(error: unknown): void {
    this.#failure = { error };
    for (const waiter of this.#waiters) waiter.reject(error);
  }

  /**
   * Resolves when every block below `height` is in the index.
   *
   * @throws LedgerUnavailableError when no block came for `stallMs` milliseconds; what ended the index.
   */
  async reached(height: number, stallMs: number, signal?: AbortSignal): Promise<void> {
    while (this.#height < height) {
      if (this.#failure !== undefined) throw this.#failure.error;
      const before = this.#height;
      const stalled = AbortSignal.timeout(stallMs);
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      const waiter = { height, resolve, reject };
      this.#waiters.add(waiter);
      try {
        await withSignal(promise, signal === undefined ? stalled : AbortSignal.any([stalled, signal]));
      } catch (cause) {
        signal?.throwIfAborted();
        if (!stalled.aborted) throw cause;
        if (this.#height === before)
          throw new LedgerUnavailableError('The peer does not deliver the blocks that it has', { cause });
      } finally {
        this.#waiters.delete(waiter);
      }
    }
  }
}
