import { unlessAborted } from '../../lib/abort.ts';
import type { LedgerView } from '../ledger-view.ts';

export interface CatchUpOptions {
  /** The reader's own clock, seconds. */
  readonly now: () => number;
  readonly signal: AbortSignal | undefined;
}

/** Brings a view to what the ledger has at a moment, while entries are told of as they come. */
export class CatchUp {
  /** The view holds all that the ledger had at this second, by the reader's clock. */
  heldAllAt: number = -Infinity;
  readonly #view: LedgerView;
  readonly #options: CatchUpOptions;
  #syncing: Promise<void> | undefined;

  /** Its caller holds the tail of the view. */
  constructor(view: LedgerView, options: CatchUpOptions) {
    this.#view = view;
    this.#options = options;
  }

  /**
   * Resolves when an entry came, or all have come that the ledger had.
   *
   * @throws what reading the ledger fails with, and the signal's reason.
   */
  async wait(): Promise<void> {
    const stop = new AbortController();
    const syncing = (this.#syncing ??= this.#sync());
    const woken = this.#view.tail.wait({ signal: stop.signal });
    // Nobody may be left to hear what either fails with.
    for (const one of [syncing, woken]) one.catch(() => {});
    try {
      await unlessAborted(Promise.race([syncing, woken]), this.#options.signal);
    } finally {
      stop.abort();
    }
  }

  async #sync(): Promise<void> {
    const started = this.#options.now();
    try {
      await this.#view.sync({ signal: this.#options.signal });
      this.heldAllAt = started;
    } finally {
      this.#syncing = undefined;
    }
  }
}
