import { type Command, type LedgerCode, MAX_VALIDITY } from '@medseal/protocol';
import type { Member } from './cast.ts';
import type { World } from './world.ts';

/** A command and who signs it, in order. */
export interface Draft {
  readonly command: Command;
  readonly signers: readonly Member[];
}

/**
 * How to reach the cells of one command. Each function first brings about what it needs, by steps of its own, and reads
 * the time last.
 */
export interface Aims {
  /** A command that is applied now. */
  readonly applied: (world: World) => Draft;
  /** One that the rule with this code refuses now. */
  readonly refused: Readonly<Partial<Record<LedgerCode, (world: World) => Draft>>>;
}

/** Greatest value of a field that holds a time. */
export const MAX_TIME: number = 2 ** 40 - 1;

/** A validUntil that holds now, both ends of the range included. */
export function validUntil(world: World): number {
  return world.time + world.choose([300, 1, 60, MAX_VALIDITY]);
}

/** An `until` that lies ahead, the next second included. */
export function untilAhead(world: World): number {
  return Math.min(world.time + world.choose([60, 1, 5, 20, 3_600, MAX_TIME]), MAX_TIME);
}

/** An `until` that has been reached, this second included. */
export function untilPassed(world: World): number {
  return world.choose([world.time, world.time - 1, 0]);
}
