export type { Answer, LedgerDriver, LedgerUnderTest } from './ledger-driver.ts';
export { type Action, commandSequence } from './sequence/action.ts';
export { sequenceAuthority } from './sequence/cast.ts';
export { type Cell, cellName, cellOf, cells, reachableCells, unreachableCells } from './sequence/cells.ts';
export { sequencePlayer, type SequencePlayer } from './sequence/sequence-player.ts';
export type { Step } from './sequence/world.ts';
