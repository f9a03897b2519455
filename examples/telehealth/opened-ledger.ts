import type { Ledger } from '@medseal/core';

/** A ledger with what was started for it: closing it stops that too. */
export interface OpenedLedger extends AsyncDisposable {
  readonly ledger: Ledger;
}
