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
  /** Whether the log is looked at after this step. */
  readonly look: boolean;
}

/** How many steps pass from one look at the log to the next: a look costs more than a step. */
const LOOK_EVERY = 4;

/** Bad bytes and signatures never pass an adapter. Replays go both ways by turns. */
export function routed(step: Step, number: number): RoutedStep {
  const look = number % LOOK_EVERY === LOOK_EVERY - 1;
  return { ...step, number, route: routeOf(step, number), look };
}

function routeOf({ id, logged }: Step, number: number): Route {
  if (id === undefined) return 'raw';
  if (!logged) return 'submit';
  return number % 2 === 0 ? 'raw' : 'submit again';
}
