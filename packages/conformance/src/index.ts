export { compareLedgers, type CompareOptions } from './differential/compare-ledgers.ts';
export { Coverage } from './differential/coverage.ts';
export { DifferenceError } from './differential/difference-error.ts';
export { playSequence, type PlayOptions } from './differential/play-sequence.ts';
export type { Route, RoutedStep } from './differential/routed-step.ts';
export { runPlan, type RunPlan } from './differential/run-plan.ts';
export type { Answer, LedgerDriver, LedgerUnderTest } from './ledger-driver.ts';
export { memoryDriver } from './memory-driver.ts';
export { type Action, commandSequence } from './sequence/action.ts';
export { sequenceAuthority } from './sequence/cast.ts';
export { type Cell, cellName, cellOf, cells, reachableCells, unreachableCells } from './sequence/cells.ts';
export { sequencePlayer, type SequencePlayer } from './sequence/sequence-player.ts';
export type { Step } from './sequence/world.ts';
export { directorySuite } from './directory-suite/directory-suite.ts';
export { ledgerSuite } from './ledger-suite/ledger-suite.ts';
export type { LedgerWorld } from './ledger-suite/ledger-world.ts';
export type { DirectoryDriver, DirectoryUnderTest, StoreDriver, StoreUnderTest } from './store-driver.ts';
export { storeSuite } from './store-suite/store-suite.ts';
export { ConformanceError } from './suite/conformance-error.ts';
export {
  type CaseResult,
  requireConformance,
  runSuite,
  type RunSuiteOptions,
  type SuiteResults,
} from './suite/run-suite.ts';
export type { Suite, SuiteCase } from './suite/suite.ts';
