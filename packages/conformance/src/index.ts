export { playConfiguration, type PlayConfigurationOptions } from './configured/play-configuration.ts';
export { compareLedgers, type CompareOptions } from './differential/compare-ledgers.ts';
export { Coverage } from './differential/coverage.ts';
export { DifferenceError } from './differential/difference-error.ts';
export { playSequence, type PlayOptions } from './differential/play-sequence.ts';
export type { Route, RoutedStep } from './differential/routed-step.ts';
export { runPlan, type RunPlan } from './differential/run-plan.ts';
export { type Action, commandSequence, type SequenceOptions } from './sequence/action.ts';
export { sequenceAuthority } from './sequence/cast.ts';
export {
  type Cell,
  cellName,
  cellOf,
  cells,
  reachableCells,
  recordListCells,
  unreachableCells,
} from './sequence/cells.ts';
export type { KnownList } from './sequence/list-book.ts';
export { sequencePlayer, type SequencePlayer } from './sequence/sequence-player.ts';
export type { Step } from './sequence/world.ts';
export { directorySuite } from './directory-suite/directory-suite.ts';
export type { Disturbances } from './drivers/disturbances.ts';
export type { KeyStoreDriver, KeyStoreUnderTest } from './drivers/key-store-driver.ts';
export type { Answer, LedgerDriver, LedgerUnderTest } from './drivers/ledger-driver.ts';
export type { MirrorStateDriver, MirrorStateUnderTest } from './drivers/mirror-state-driver.ts';
export type { ProxyStateDriver, ProxyStateUnderTest } from './drivers/proxy-state-driver.ts';
export type { RecipientDriver, RecipientUnderTest } from './drivers/recipient-driver.ts';
export type { DirectoryDriver, DirectoryUnderTest, StoreDriver, StoreUnderTest } from './drivers/store-driver.ts';
export { refuseDatabases } from './drivers/refuse-databases.ts';
export { stallDatabase } from './drivers/stall-database.ts';
export type { ViewStoreDriver, ViewStoreUnderTest } from './drivers/view-store-driver.ts';
export { keyStoreSuite } from './key-store-suite/key-store-suite.ts';
export { ledgerSuite } from './ledger-suite/ledger-suite.ts';
export type { LedgerWorld } from './ledger-suite/ledger-world.ts';
export { memoryDriver } from './memory/memory-driver.ts';
export { memoryKeyStoreDriver, memoryProxyStateDriver } from './memory/memory-key-drivers.ts';
export { memoryMirrorStateDriver } from './memory/memory-mirror-state-driver.ts';
export { memoryDirectoryDriver, memoryStoreDriver } from './memory/memory-store-drivers.ts';
export { memoryViewStoreDriver } from './memory/memory-view-store-driver.ts';
export { mirrorStateSuite } from './mirror-state-suite/mirror-state-suite.ts';
export { proxyStateSuite } from './proxy-state-suite/proxy-state-suite.ts';
export type { ReEncryptorDriver, ReEncryptorUnderTest } from './re-encryptor-suite/re-encryptor-driver.ts';
export type { FragmentKeys, KeyPair, ProvenCapsule, ReEncryptor } from './re-encryptor-suite/re-encryptor.ts';
export { reEncryptorSuite } from './re-encryptor-suite/re-encryptor-suite.ts';
export { recipientSuite } from './recipient-suite/recipient-suite.ts';
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
export { viewStoreSuite } from './view-store-suite/view-store-suite.ts';
