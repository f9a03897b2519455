import type { Step } from '../sequence/world.ts';

/**
 * How a step reaches the ledgers: through the adapter, past it, or through the adapter although the log holds the
 * command already, so that the first receipt is due.
 */
export type Route = 'submit' | 'raw' | 'submit again';

/** One step on one ledger. */
export interface RoutedStep extends Step {
  /** Number in the sequence, from 0. */
  readonly number: number;
  readonly route: Route;
}

/** Bad bytes and signatures never pass an adapter. Replays go both ways by turns. */
export function routed(step: Step, number: number): RoutedStep {
  if (step.id === undefined) return { ...step, number, route: 'raw' };
  if (!step.logged) return { ...step, number, route: 'submit' };
  return { ...step, number, route: number % 2 === 0 ? 'raw' : 'submit again' };
}
