import { type CommandName, commands } from '@medseal/protocol';
import fc from 'fast-check';
import { type Cell, reachableCells } from './cells.ts';
import { shrinksAs } from './shrinks-as.ts';

/**
 * One step of a sequence, not yet bound to a ledger: it becomes bytes only when it is played, over the state of that
 * moment. `picks` answer, in order, every question that playing it asks (which member? which grant?), modulo the
 * number of answers; so any action is meaningful in any state, and fewer or smaller actions are simpler ones.
 */
export type Action = {
  /** Seconds to wait first, by {@link waits}. */
  readonly wait: number;
  readonly picks: readonly number[];
} & (
  | { readonly kind: 'aim'; readonly cell: Cell }
  | { readonly kind: 'random'; readonly command: CommandName }
  | { readonly kind: 'replay' }
);

const PICKS = 12;
const names = Object.keys(commands) as CommandName[];

const common = {
  wait: fc.nat({ max: 9 }),
  picks: fc.array(fc.nat({ max: 59 }), { minLength: PICKS, maxLength: PICKS }),
};

function actionAt(cells: readonly Cell[]): fc.Arbitrary<Action> {
  return fc.oneof(
    {
      weight: 8,
      arbitrary: fc.record({ kind: fc.constant('aim' as const), cell: fc.constantFrom(...cells), ...common }),
    },
    {
      weight: 2,
      arbitrary: fc.record({ kind: fc.constant('random' as const), command: fc.constantFrom(...names), ...common }),
    },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('replay' as const), ...common }) },
  );
}

export interface SequenceOptions {
  readonly minActions?: number | undefined;
  readonly maxActions?: number | undefined;
  /** Cells to aim at; all that can be reached, unless told. */
  readonly aimAt?: readonly Cell[] | undefined;
}

/**
 * Arbitrary histories of a ledger: members, strangers, replays, foreign domains, hostile bytes, boundary seconds. Most
 * actions aim at one cell (command, outcome, code), so that each is reached often. Each action becomes one step or
 * more. Give it to `fc.assert` as it is: a failure prints the seed and the shortest list of actions, which may fall
 * below `minActions`.
 */
export function commandSequence(options: SequenceOptions = {}): fc.Arbitrary<readonly Action[]> {
  const { minActions = 30, maxActions = 40, aimAt = reachableCells } = options;
  const action = actionAt(aimAt);
  const list = (minLength: number): fc.Arbitrary<Action[]> =>
    fc.array(action, { minLength, maxLength: maxActions, size: 'max' });
  return shrinksAs(list(minActions), list(1));
}
