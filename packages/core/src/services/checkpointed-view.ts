import { equalBytes } from '../lib/equal-bytes.ts';
import { LedgerRewrittenError } from '../errors/ledger-errors.ts';
import type { CallOptions } from '../ports/call-options.ts';
import type { Ledger, LedgerEntry } from '../ports/ledger.ts';
import type { ViewEntry } from '../view/facts.ts';
import { LedgerView } from '../view/ledger-view.ts';
import type { LedgerViewOptions } from '../view/ledger-view-options.ts';
import type { Checkpoint } from './saved-state.ts';

/** A view that remembers how far it once was, and refuses a log that is shorter or another one. */
export class CheckpointedView extends LedgerView {
  readonly #checkpoint: Checkpoint | undefined;
  #forked = false;

  constructor(ledger: Ledger, options: LedgerViewOptions, checkpoint: Checkpoint | undefined) {
    super(ledger, options);
    this.#checkpoint = checkpoint;
  }

  /** The furthest that this view or the one before it has been. */
  get checkpoint(): Checkpoint {
    const { length } = this.entries;
    const saved = this.#checkpoint;
    return saved !== undefined && saved.length > length ? saved : { length, digest: this.logDigest };
  }

  /** @throws LedgerRewrittenError at the checkpoint of a log that is not the one that was read before, and ever after. */
  override apply(entry: LedgerEntry): ViewEntry {
    this.#requireSameLog();
    const seen = super.apply(entry);
    const { length, digest } = this.#checkpoint ?? {};
    this.#forked = this.entries.length === length && digest !== undefined && !equalBytes(this.logDigest, digest);
    this.#requireSameLog();
    return seen;
  }

  /** @throws LedgerRewrittenError for a log that is another one, or ends before the checkpoint: stale, or restored. */
  override async sync(options: CallOptions = {}): Promise<void> {
    await super.sync(options);
    this.#requireSameLog();
    if (this.entries.length < (this.#checkpoint?.length ?? 0))
      throw new LedgerRewrittenError('The log is shorter than it was');
  }

  #requireSameLog(): void {
    if (this.#forked) throw new LedgerRewrittenError('The log is not the one that was read before');
  }
}
