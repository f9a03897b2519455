import type { Genesis, StateKey, StateValue } from '@medseal/protocol';
import type { Action } from './action.ts';
import { aims } from './aims/index.ts';
import type { Cell } from './cells.ts';
import { commonAims } from './common-aims.ts';
import type { Draft } from './draft.ts';
import { badlySigned, malformed, unknownType } from './hostile.ts';
import type { KnownList } from './list-book.ts';
import { randomCommand } from './random-command.ts';
import { type Step, World } from './world.ts';

/** Turns actions into steps on one ledger. */
export interface SequencePlayer {
  /** The steps of the next action: what it needs first, then what it aims at. */
  play(action: Action): readonly Step[];
  /** The state that the rules imply after the steps so far, by path. */
  readonly state: ReadonlyMap<string, { readonly key: StateKey<StateValue>; readonly value: StateValue }>;
  /** Lists of records that grants name. A ledger sees their scopes only. */
  readonly lists: readonly KnownList[];
  /** All steps so far. */
  readonly steps: readonly Step[];
  /** Time at which the next step happens at the earliest. */
  readonly time: number;
}

/** Seconds by which the action's `wait` moves the clock; the rest jump to where the next grant ends. */
const waits = [0, 0, 0, 0, 1, 2, 5, 15] as const;

/** How far ahead an end of a grant may lie for a jump to it. */
const HORIZON = 100;

function wait(world: World, how: number): void {
  const seconds = waits[how];
  if (seconds !== undefined) {
    world.waitUntil(world.time + seconds);
    return;
  }
  const ends = world.decisions
    .map((one) => world.decision(one)?.until ?? 0)
    .filter((until) => until > world.time && until <= world.time + HORIZON);
  // To the last second of the grant that ends next, or to the first after it.
  if (ends.length > 0) world.waitUntil(Math.min(...ends) - (how % 2));
}

function draftFor(world: World, { command, code }: Cell): Draft {
  const name = command === 'unknown' ? 'requestAccess' : command;
  if (code === undefined) return aims[name].applied(world);
  const own = aims[name].refused[code];
  if (own !== undefined) return own(world);
  return (commonAims[code] ?? ((_, of) => aims[of].applied(world)))(world, name);
}

function bytesFor(world: World, cell: Cell): Uint8Array {
  const draft = draftFor(world, cell);
  if (cell.command === 'unknown') return unknownType(world, draft);
  if (cell.code === 'MALFORMED') return malformed(world, draft);
  if (cell.code === 'BAD_SIGNATURE') return badlySigned(world, draft);
  return world.sign(draft.command, draft.signers);
}

function bytesOf(world: World, action: Action): Uint8Array {
  if (action.kind === 'aim') return bytesFor(world, action.cell);
  if (action.kind === 'random') {
    const { command, signers } = randomCommand(world, action.command);
    return world.sign(command, signers);
  }
  return world.choose(world.steps)?.wire ?? new Uint8Array();
}

/**
 * Plays actions on a ledger with this genesis, from this second on. Two players that play the same actions from the
 * same second on give the same steps but for the domain: so ledgers of different kinds can be compared step by step.
 *
 * @param options.gap Seconds that pass after each step, for ledgers whose every entry has a second of its own.
 */
export function sequencePlayer(
  genesis: Genesis,
  time: number,
  options: { readonly gap?: number } = {},
): SequencePlayer {
  const world = new World(genesis, time, options.gap ?? 0);
  return {
    play(action) {
      const before = world.steps.length;
      world.ask(action.picks);
      wait(world, action.wait);
      world.send(bytesOf(world, action));
      return world.steps.slice(before);
    },
    state: world.state,
    get lists() {
      return world.lists.all();
    },
    steps: world.steps,
    get time() {
      return world.time;
    },
  };
}
