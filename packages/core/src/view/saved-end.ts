import { LedgerRewrittenError } from '../errors/ledger-errors.ts';
import { equalBytes } from '../lib/equal-bytes.ts';
import type { CallOptions } from '../ports/call-options.ts';
import type { Cursor, Ledger, LedgerEntry } from '../ports/ledger.ts';
import { encodeSavedEntry } from './saved-row.ts';

/** The last entry that came from a view's store, until the ledger has shown it too. */
export class SavedEnd {
  #unconfirmed: LedgerEntry | undefined;
  readonly #before: Cursor | undefined;

  constructor(saved: readonly LedgerEntry[]) {
    this.#unconfirmed = saved.at(-1);
    this.#before = saved.at(-2)?.cursor;
  }

  /**
   * What the ledger has behind the view's last entry, once it has shown that it still has the last saved one.
   *
   * @throws LedgerRewrittenError when it has not.
   */
  async *readOn(ledger: Ledger, last: Cursor | undefined, options: CallOptions): AsyncGenerator<LedgerEntry> {
    const after = this.#unconfirmed === undefined ? last : this.#before;
    for await (const entry of ledger.entries({ ...options, after })) {
      if (this.#unconfirmed === undefined) yield entry;
      else if (equalBytes(encodeSavedEntry(this.#unconfirmed), encodeSavedEntry(entry))) this.#unconfirmed = undefined;
      else throw new LedgerRewrittenError('The log is not the one that was saved');
    }
    if (this.#unconfirmed !== undefined) throw new LedgerRewrittenError('The log is shorter than it was');
  }
}
