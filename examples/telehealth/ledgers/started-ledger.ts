import type { PartConfig } from '@medseal/core';

/** A ledger that is ready to be opened: what to write in the configuration, and what was started for it. */
export interface StartedLedger extends AsyncDisposable {
  /** The configuration's section `ledger`. */
  readonly section: PartConfig;
  /** Secrets that the section refers to by `env`. */
  readonly secrets: Readonly<Record<string, string>>;
}
