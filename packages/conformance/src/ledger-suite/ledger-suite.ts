import type { LedgerDriver } from '../drivers/ledger-driver.ts';
import type { Suite } from '../suite/suite.ts';
import { callCases } from './call-cases.ts';
import { closingCases } from './closing-cases.ts';
import { concurrencyCases } from './concurrency-cases.ts';
import { fieldCases } from './field-cases.ts';
import { type LedgerWorld, ledgerWorld } from './ledger-world.ts';
import { logCases } from './log-cases.ts';
import { proofCases } from './proof-cases.ts';
import { refusalCases } from './refusal-cases.ts';
import { submissionCases } from './submission-cases.ts';

/** What every ledger adapter must do. */
export const ledgerSuite: Suite<LedgerDriver, LedgerWorld> = {
  port: 'ledger',
  open: ledgerWorld,
  cases: [
    ...submissionCases,
    ...refusalCases,
    ...fieldCases,
    ...logCases,
    ...proofCases,
    ...concurrencyCases,
    ...callCases,
    ...closingCases,
  ],
};
