import { judge, type LedgerCode, verifyCommand } from '@medseal/protocol';
import type { CallOptions } from '../ports/call-options.ts';
import type { Ledger, Receipt } from '../ports/ledger.ts';
import type { ViewEntry } from './facts.ts';
import { Projection } from './projection.ts';
import { systemSeconds } from '../lib/system-seconds.ts';

/** What the rules would say of a command now. */
export type Explanation =
  | { readonly outcome: 'applied' }
  | { readonly outcome: 'violation' | 'rejected'; readonly code: LedgerCode };

/** One reader's view of a ledger: follows its log, never goes back, and can tell when it was last up to date. */
export class LedgerView extends Projection {
  readonly ledger: Ledger;
  readonly #now: () => number;
  #reachedAt = -Infinity;
  #last: Promise<void> = Promise.resolve();

  /** @param now the reader's own clock, seconds since 1970 */
  constructor(ledger: Ledger, now: () => number = systemSeconds) {
    super(ledger.genesis);
    this.ledger = ledger;
    this.#now = now;
  }

  /** Seconds, by the reader's own clock, since the view held all that the ledger had. */
  get age(): number {
    return this.#now() - this.#reachedAt;
  }

  /**
   * Reads on to the ledger's head.
   *
   * @throws LedgerDivergedError when the log does not follow from the rules; the view then stays before that entry.
   * @throws LedgerUnavailableError when the ledger does not answer.
   */
  sync(options: CallOptions = {}): Promise<void> {
    // One after the other: entries must be applied in order, and joining a run that began before this call could miss
    // what was committed in between.
    const run = this.#last.then(() => this.#read(options));
    this.#last = run.catch(() => undefined);
    return run;
  }

  async #read(options: CallOptions): Promise<void> {
    options.signal?.throwIfAborted();
    const started = this.#now();
    for await (const entry of this.ledger.entries({ ...options, after: this.cursor })) this.apply(entry);
    this.#reachedAt = started;
  }

  /** Which rule would refuse these wire bytes now, without sending them. `time` defaults to the greatest seen. */
  explain(wire: Uint8Array, time: number = this.clock): Explanation {
    const verified = verifyCommand(wire, this.genesis);
    if ('outcome' in verified) return verified;
    const verdict = judge(verified, time, this.read);
    return verdict.outcome === 'applied' ? { outcome: 'applied' } : verdict;
  }

  /** The entry that a receipt promises, or `undefined`: then the ledger has dropped or changed it. */
  confirms(receipt: Receipt): ViewEntry | undefined {
    const entry = this.entry(receipt.id);
    return entry?.time === receipt.time && entry.violation === receipt.violation ? entry : undefined;
  }
}
