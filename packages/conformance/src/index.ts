export type { Answer, LedgerDriver, LedgerUnderTest } from './ledger-driver.ts';
