export * from './adapter.ts';
export { LedgerDivergedError } from './errors/ledger-diverged-error.ts';
export { MemoryLedger, memoryLedger, type MemoryLedgerOptions } from './memory/memory-ledger.ts';
export type { GrantState, GrantView, RecordView, RequestView, ViewEntry } from './view/facts.ts';
export { grantFacts, grantState } from './view/grant-state.ts';
export { type Explanation, LedgerView } from './view/ledger-view.ts';
export { Projection } from './view/projection.ts';
export { liveGrants, type Reader, readersOf } from './view/readers.ts';
