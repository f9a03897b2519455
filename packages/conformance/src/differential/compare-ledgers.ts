import fc from 'fast-check';
import type { LedgerDriver } from '../drivers/ledger-driver.ts';
import { commandSequence, type SequenceOptions } from '../sequence/action.ts';
import type { Coverage } from './coverage.ts';
import { playSequence } from './play-sequence.ts';

export interface CompareOptions extends SequenceOptions {
  readonly seed: number;
  /** Number of sequences. */
  readonly runs: number;
  /** What was reached is counted here. */
  readonly coverage: Coverage;
  /** Seconds that pass after each step; default 1. */
  readonly gap?: number;
  /** Milliseconds to look for a shorter sequence once ledgers differ; default 20,000. */
  readonly shrinkMs?: number;
}

const START = 2_000_000_000;
/** More than any sequence takes: on one chain, time goes on from sequence to sequence. */
const BETWEEN = 3_600;
let sequences = 0;

/**
 * Plays random sequences on a fresh ledger of each driver, and compares them step by step. Chains keep their time from
 * one sequence to the next, but all times of a sequence follow from its start, so a seed repeats it.
 *
 * @throws Error with the seed and the shortest sequence found, whose cause is a DifferenceError.
 */
export async function compareLedgers(drivers: readonly LedgerDriver[], options: CompareOptions): Promise<void> {
  const { seed, runs, coverage, aimAt, minActions, maxActions, gap = 1, shrinkMs = 20_000 } = options;
  let deadline = Infinity;
  const play = async (actions: Parameters<typeof playSequence>[1]): Promise<void> => {
    // Past the deadline every shorter sequence counts as good, and fast-check reports what it has.
    if (performance.now() > deadline) return;
    try {
      const start = START + BETWEEN * sequences++;
      await playSequence(drivers, actions, { start, gap, onStep: (step) => coverage.count(step) });
      coverage.sequences++;
    } catch (error) {
      deadline = Math.min(deadline, performance.now() + shrinkMs);
      throw error;
    }
  };
  await fc.assert(fc.asyncProperty(commandSequence({ aimAt, minActions, maxActions }), play), {
    seed,
    numRuns: runs,
  });
}
