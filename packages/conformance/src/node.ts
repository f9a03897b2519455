import { after, before, describe, test } from 'node:test';
import { runCase } from './suite/run-case.ts';
import { CASE_TIMEOUT } from './suite/run-suite.ts';
import type { Suite } from './suite/suite.ts';

/**
 * Registers each case of a suite as a test of `node:test`. Call it at the top of a test file.
 *
 * @param makeDriver called once, before the first case; the driver is disposed of after the last one
 * @param options.timeout milliseconds for one case; default 30,000
 */
export function testSuite<Driver extends AsyncDisposable, Subject extends AsyncDisposable>(
  name: string,
  suite: Suite<Driver, Subject>,
  makeDriver: () => Promise<Driver>,
  { timeout = CASE_TIMEOUT }: { readonly timeout?: number } = {},
): void {
  void describe(`${name} as a ${suite.port}`, () => {
    let driver: Driver | undefined;
    before(async () => {
      driver = await makeDriver();
    });
    after(async () => {
      await driver?.[Symbol.asyncDispose]();
    });
    for (const one of suite.cases)
      void test(one.name, { timeout }, async (context) => {
        if (driver === undefined) throw new TypeError('The driver has not been made');
        const reason = await runCase(suite, one, driver);
        if (reason !== undefined) context.skip(`does not apply: ${reason}`);
      });
  });
}
