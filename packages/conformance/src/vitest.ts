import { afterAll, beforeAll, describe, test } from 'vitest';
import { CASE_TIMEOUT } from './suite/run-suite.ts';
import { runCase } from './suite/run-case.ts';
import type { Suite } from './suite/suite.ts';

export interface TestSuiteOptions {
  /** Milliseconds for one case; default 30,000. */
  readonly timeout?: number;
  /** Milliseconds for the start of the backend; default 60,000. */
  readonly startTimeout?: number;
}

/**
 * Registers each case of a suite as a test of vitest. Call it at the top of a test file.
 *
 * @param makeDriver called once, before the first case; the driver is disposed of after the last one
 */
export function testSuite<Driver extends AsyncDisposable, Subject extends AsyncDisposable>(
  name: string,
  suite: Suite<Driver, Subject>,
  makeDriver: () => Promise<Driver>,
  { timeout = CASE_TIMEOUT, startTimeout = 60_000 }: TestSuiteOptions = {},
): void {
  describe(`${name} as a ${suite.port}`, { timeout }, () => {
    let driver: Driver | undefined;
    beforeAll(async () => {
      driver = await makeDriver();
    }, startTimeout);
    afterAll(async () => {
      await driver?.[Symbol.asyncDispose]();
    }, startTimeout);
    // oxlint-disable-next-line vitest/expect-expect -- each case asserts by itself
    test.for(suite.cases)('$name', async (one, { skip }) => {
      if (driver === undefined) throw new TypeError('The driver has not been made');
      const reason = await runCase(suite, one, driver);
      if (reason !== undefined) skip(`does not apply: ${reason}`);
    });
  });
}
