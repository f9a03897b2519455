/** Seeds of the sequences that the contract is tested with, so that every run is the same. */
export const seeds: readonly number[] = [1, 2, 3];

/** Sequences for each seed. */
export const RUNS: number = 50;
