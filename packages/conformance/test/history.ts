import {
  type Command,
  type CommandId,
  type Genesis,
  localDomain,
  type ReadState,
  type StateKey,
  type StateValue,
} from '@medseal/protocol';
import fc from 'fast-check';
import { type Action, commandSequence, sequenceAuthority, sequencePlayer, type Step } from '../src/index.ts';

export function genesisWith(salt: string): Genesis {
  const domain = localDomain({ salt: `0x${salt.repeat(32)}`, authority: sequenceAuthority });
  return { protocolVersion: 1, domain, authority: sequenceAuthority };
}

export const genesis: Genesis = genesisWith('01');
export const START = 1_790_000_000;

/** A step that stands in the log. */
export type Entry = Step & { readonly command: Command; readonly id: CommandId };

export interface History {
  readonly steps: readonly Step[];
  readonly entries: readonly Entry[];
  readonly state: ReadonlyMap<string, { readonly key: StateKey<StateValue>; readonly value: StateValue }>;
}

export function isEntry(step: Step): step is Entry {
  return step.verdict.outcome !== 'rejected';
}

const played = new Map<string, History>();

function historyOf(actions: readonly Action[]): History {
  const key = JSON.stringify(actions);
  let history = played.get(key);
  if (history === undefined) {
    const player = sequencePlayer(genesis, START);
    for (const action of actions) player.play(action);
    history = { steps: player.steps, entries: player.steps.filter(isEntry), state: player.state };
    played.set(key, history);
  }
  return history;
}

/** The same sequences for every property, so that each is played once; a failure shrinks and prints its seed. */
export function always(property: (history: History) => void, runs = 200): void {
  fc.assert(
    fc.property(commandSequence(), (actions) => {
      property(historyOf(actions));
    }),
    { numRuns: runs, seed: 20_260_101 },
  );
}

/** State before and after each entry, by path: the fold of what the applied entries write. */
export function replay(
  entries: readonly Entry[],
  visit: (entry: Entry, read: ReadState, before: ReadonlyMap<string, StateValue>) => void,
): ReadonlyMap<string, StateValue> {
  const state = new Map<string, StateValue>();
  for (const entry of entries) {
    visit(entry, (key) => state.get(key.path), state);
    if (entry.verdict.outcome === 'applied')
      for (const { key, value } of entry.verdict.writes) state.set(key.path, value);
  }
  return state;
}
