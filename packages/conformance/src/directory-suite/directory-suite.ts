import type { DirectoryDriver, DirectoryUnderTest } from '../drivers/store-driver.ts';
import type { Suite } from '../suite/suite.ts';
import { callCases } from './call-cases.ts';
import { objectCases } from './object-cases.ts';

/** What every directory adapter must do. */
export const directorySuite: Suite<DirectoryDriver, DirectoryUnderTest> = {
  port: 'directory',
  open: (driver) => driver.create(),
  cases: [...objectCases, ...callCases],
};
