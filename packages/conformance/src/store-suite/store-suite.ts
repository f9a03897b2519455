import type { StoreDriver, StoreUnderTest } from '../drivers/store-driver.ts';
import type { Suite } from '../suite/suite.ts';
import { absenceCases } from './absence-cases.ts';
import { abortCases } from './abort-cases.ts';
import { failedPutCases } from './failed-put-cases.ts';
import { rangeCases } from './range-cases.ts';
import { roundTripCases } from './round-trip-cases.ts';

/** What every store adapter must do. */
export const storeSuite: Suite<StoreDriver, StoreUnderTest> = {
  port: 'store',
  open: (driver) => driver.create(),
  cases: [...roundTripCases, ...rangeCases, ...absenceCases, ...failedPutCases, ...abortCases],
};
