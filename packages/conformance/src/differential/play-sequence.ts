import type { LedgerDriver } from '../drivers/ledger-driver.ts';
import type { Action } from '../sequence/action.ts';
import { sequenceAuthority } from '../sequence/cast.ts';
import { Contender } from './contender.ts';
import { type Claim, describeDifferences, describeStep, DifferenceError } from './difference-error.ts';
import { routed, type RoutedStep } from './routed-step.ts';

export interface PlayOptions {
  /** Ledger time at which the sequence begins, seconds. */
  readonly start: number;
  /** Seconds that pass after each step: 1 where every block needs a time of its own. */
  readonly gap: number;
  /** Called after each step on which all agreed. */
  readonly onStep: (step: RoutedStep) => void;
}

/**
 * Plays one sequence on a fresh ledger of each kind, in step, and compares what they say and hold with each other and
 * with the rules.
 *
 * @throws DifferenceError at the first step at which they differ.
 */
export async function playSequence(
  drivers: readonly LedgerDriver[],
  actions: readonly Action[],
  { start, gap, onStep }: PlayOptions,
): Promise<void> {
  const contenders: Contender[] = [];
  try {
    for (const driver of drivers) {
      const under = await driver.create({ authority: sequenceAuthority, time: start });
      contenders.push(new Contender(driver.name, under, start, gap));
    }
    await playActions(contenders, actions, onStep);
  } finally {
    for (const contender of contenders.toReversed()) await contender[Symbol.asyncDispose]();
  }
}

async function playActions(
  contenders: readonly Contender[],
  actions: readonly Action[],
  onStep: PlayOptions['onStep'],
): Promise<void> {
  let number = 0;
  for (const action of actions) {
    for (const steps of together(contenders.map(({ player }) => player.play(action)))) {
      const own = steps.map((step) => routed(step, number));
      const [first] = own;
      if (first === undefined) throw new RangeError('A comparison needs ledgers');
      await compareStep(contenders, own, first);
      onStep(first);
      number++;
    }
  }
  await compareEnds(contenders, number);
}

async function compareStep(
  contenders: readonly Contender[],
  steps: readonly RoutedStep[],
  first: RoutedStep,
): Promise<void> {
  const expected = onEach(contenders, steps, (contender, step) => contender.predict(step));
  const observed = await Promise.all(onEach(contenders, steps, (contender, step) => contender.take(step)));
  const where = (): string => describeStep(first, contenders[0]?.label(first.command));
  // The players differ only if the generator does: then nothing can be said of the ledgers.
  compare(where, claimsOf(contenders, expected, 'the rules for '));
  compare(where, [{ source: 'the rules', said: expected[0] }, ...claimsOf(contenders, observed)]);
}

async function compareEnds(contenders: readonly Contender[], steps: number): Promise<void> {
  const observed = await Promise.all(contenders.map((contender) => contender.observeEnd()));
  const where = (): string => `After all ${steps} steps`;
  compare(where, [{ source: 'the rules', said: contenders[0]?.predictEnd() }, ...claimsOf(contenders, observed)]);
  compare(
    where,
    claimsOf(
      contenders,
      contenders.map((contender) => contender.readings()),
    ),
  );
}

function compare(where: () => string, claims: readonly Claim[]): void {
  const differences = describeDifferences(claims);
  if (differences.length > 0) throw new DifferenceError([where(), ...differences].join('\n'));
}

function claimsOf(contenders: readonly Contender[], said: readonly unknown[], prefix = ''): readonly Claim[] {
  return contenders.map(({ name }, index) => ({ source: prefix + name, said: said[index] }));
}

function onEach<T>(
  contenders: readonly Contender[],
  steps: readonly RoutedStep[],
  visit: (contender: Contender, step: RoutedStep) => T,
): readonly T[] {
  return contenders.flatMap((contender, index) => {
    const step = steps[index];
    return step === undefined ? [] : [visit(contender, step)];
  });
}

/** The first of each list, then the second of each … */
function together<T>(lists: readonly (readonly T[])[]): readonly (readonly T[])[] {
  const length = Math.max(0, ...lists.map((list) => list.length));
  return Array.from({ length }, (_, index) =>
    lists.map((list) => {
      const one = list[index];
      if (one === undefined) throw new RangeError('The same action gave sequences of different lengths');
      return one;
    }),
  );
}
