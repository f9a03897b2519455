import type { KeyStoreDriver, KeyStoreUnderTest } from '../drivers/key-store-driver.ts';
import type { Suite } from '../suite/suite.ts';
import { callCases } from './call-cases.ts';
import { exportCases } from './export-cases.ts';
import { keyCases } from './key-cases.ts';

/** What every key store must do. */
export const keyStoreSuite: Suite<KeyStoreDriver, KeyStoreUnderTest> = {
  port: 'key store',
  open: (driver) => driver.create(),
  cases: [...keyCases, ...exportCases, ...callCases],
};
