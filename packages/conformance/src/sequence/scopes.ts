import type { Address, Hex } from '@medseal/protocol';
import type { KnownList } from './list-book.ts';
import type { Decided, World } from './world.ts';

/** What a grant of this patient is of: a compartment, often one with records, or a list of records. */
export function scopeOf(world: World, patient: Address): Hex {
  const own = world.book.of(patient);
  if (own.length > 0 && world.choose([false, false, true])) return listOf(world, patient).scope;
  return world.choose([...own.map(({ compartment }) => compartment), world.fresh()]);
}

/** A list of a patient who has records: one that she made before, or a new one. */
export function listOf(world: World, patient: Address): KnownList {
  const before = world.choose([...world.lists.of(patient).slice(-2), undefined, undefined]);
  if (before !== undefined) return before;
  const own = world.book.of(patient).map(({ record }) => record);
  const from = world.choose(own.map((_, index) => index)) ?? 0;
  const records = own.slice(from, from + world.choose([1, 1, 2, 5]));
  // Nobody but holders looks at what is on a list.
  const stray = world.choose([[], [], [], [world.fresh()]]);
  return world.lists.add(patient, [...records, ...stray], world.fresh());
}

/** The list of a grant; absent where it is of a compartment. */
export function listOfGrant(world: World, grant: Decided): KnownList | undefined {
  return world.lists.get(world.book.scopeOf(grant));
}
