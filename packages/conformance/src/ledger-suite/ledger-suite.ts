import { afterAll, beforeAll, describe } from 'vitest';
import type { LedgerDriver } from '../ledger-driver.ts';
import { testClosing } from './test-closing.ts';
import { testConcurrency } from './test-concurrency.ts';
import { testFields } from './test-fields.ts';
import { testLog } from './test-log.ts';
import { testRefusals } from './test-refusals.ts';
import { testSubmission } from './test-submission.ts';

export interface LedgerSuiteOptions {
  /** Milliseconds for one test; default 30,000. */
  readonly timeout?: number;
  /** Milliseconds for the start of the backend; default 60,000. */
  readonly startTimeout?: number;
}

/** What every ledger adapter must do, as vitest tests. Call it at the top of a test file. */
export function ledgerSuite(
  name: string,
  makeDriver: () => Promise<LedgerDriver>,
  { timeout = 30_000, startTimeout = 60_000 }: LedgerSuiteOptions = {},
): void {
  describe(`${name} as a ledger`, { timeout }, () => {
    let driver: LedgerDriver | undefined;
    beforeAll(async () => {
      driver = await makeDriver();
    }, startTimeout);
    afterAll(async () => {
      await driver?.[Symbol.asyncDispose]();
    }, startTimeout);
    const started = (): LedgerDriver => {
      if (driver === undefined) throw new TypeError('The driver has not been made');
      return driver;
    };
    for (const part of [testSubmission, testRefusals, testFields, testLog, testConcurrency, testClosing]) part(started);
  });
}
