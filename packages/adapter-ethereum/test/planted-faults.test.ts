import { compareLedgers, Coverage, DifferenceError } from '@medseal/conformance';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readSources } from '../tools/compile.ts';
import { type Compilation, compileAhead } from './compile-ahead.ts';
import { ethereumDriver } from './driver.ts';
import { faults, plant } from './fixtures/faults.ts';
import { RUNS, seeds } from './seeds.ts';

const TIMEOUT = 180_000;

/** The sound contract passes all sequences of these seeds in differential.test.ts; here, that the compiler is sound. */
const SOUND_RUNS = 2;

// No shorter sequence is looked for: that the fault is found is all.
const once = { shrinkMs: 0 };

let compilation: Compilation;

beforeAll(async () => {
  const sources = await readSources();
  const planted = faults.map((fault) => ({ [fault.file]: plant(fault, sources[fault.file] ?? '') }));
  compilation = compileAhead([{}, ...planted]);
});

afterAll(async () => {
  await compilation[Symbol.asyncDispose]();
});

test('finds nothing in the contract as it is', { timeout: TIMEOUT }, async () => {
  await using ethereum = ethereumDriver({ artifact: await compilation.artifact(0) });
  const coverage = new Coverage();
  for (const seed of seeds) await compareLedgers([ethereum], { seed, runs: SOUND_RUNS, coverage, ...once });
  expect(coverage.sequences).toBe(seeds.length * SOUND_RUNS);
});

test.each(faults.map((fault, index) => ({ ...fault, index })))(
  'finds on every seed: $name',
  { timeout: TIMEOUT },
  async ({ name, index }) => {
    await using ethereum = ethereumDriver({ artifact: await compilation.artifact(index + 1) });
    const found: string[] = [];
    for (const seed of seeds) {
      const coverage = new Coverage();
      const comparison = compareLedgers([ethereum], { seed, runs: RUNS, coverage, ...once });
      await expect(comparison).rejects.toMatchObject({ cause: expect.any(DifferenceError) as unknown });
      found.push(`${coverage.steps} (seed ${seed})`);
    }
    process.stdout.write(`${name}: found after so many steps: ${found.join(', ')}\n`);
  },
);
