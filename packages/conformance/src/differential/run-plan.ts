/** Which sequences a comparison plays. */
export interface RunPlan {
  readonly seeds: readonly number[];
  /** Sequences for each seed. */
  readonly runs: number;
  /** Nothing was asked for by hand: what the test promises to reach, it must reach. */
  readonly standard: boolean;
}

/**
 * The plan of a test, unless the environment asks for another: `MEDSEAL_SEED` a seed, or `random` for one that nobody
 * has tried yet; `MEDSEAL_RUNS` the number of sequences for each seed. A failure prints the seed: set it to repeat.
 *
 * @throws RangeError where a variable is neither.
 */
export function runPlan(
  standard: { readonly seeds: readonly number[]; readonly runs: number },
  environment: Readonly<Record<string, string | undefined>> = process.env,
): RunPlan {
  const { MEDSEAL_SEED: seed, MEDSEAL_RUNS: runs } = environment;
  return {
    seeds: seed === undefined ? standard.seeds : [seed === 'random' ? randomSeed() : wholeNumber('MEDSEAL_SEED', seed)],
    runs: runs === undefined ? standard.runs : wholeNumber('MEDSEAL_RUNS', runs),
    standard: seed === undefined && runs === undefined,
  };
}

function randomSeed(): number {
  return Math.floor(Math.random() * 2 ** 31);
}

function wholeNumber(name: string, text: string): number {
  const number = Number(text);
  if (!Number.isInteger(number)) throw new RangeError(`${name} is no whole number`);
  return number;
}
