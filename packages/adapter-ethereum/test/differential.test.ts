import {
  cellName,
  compareLedgers,
  Coverage,
  memoryDriver,
  reachableCells,
  recordListCells,
  runPlan,
  unreachableCells,
} from '@medseal/conformance';
import { commands } from '@medseal/protocol';
import { expect, test } from 'vitest';
import { ethereumDriver } from './driver.ts';
import { RUNS, seeds } from './seeds.ts';

const plan = runPlan({ seeds, runs: RUNS });
const described = `seeds ${plan.seeds.join(', ')}; ${plan.runs} sequences each`;

/** Least number of times that each cell (command, outcome, code) is reached. */
const QUOTA = 20;
/** Greatest part of the steps that one command may take. */
const MAX_SHARE = 0.25;

test(`memory and Ethereum are one rule set (${described})`, { timeout: 600_000 }, async () => {
  await using ethereum = ethereumDriver();
  const coverage = new Coverage();
  for (const seed of plan.seeds) await compareLedgers([memoryDriver(), ethereum], { seed, runs: plan.runs, coverage });
  process.stdout.write(`${coverage.table()}\n`);
  expect(coverage.sequences).toBe(plan.seeds.length * plan.runs);
  expect(unreachableCells.filter((cell) => coverage.hits(cell) > 0)).toEqual([]);
  if (!plan.standard) return;
  expect(reachableCells.map(cellName).filter((cell) => coverage.hits(cell) < QUOTA)).toEqual([]);
  const names = Object.keys(commands) as (keyof typeof commands)[];
  expect(names.filter((name) => coverage.share(name) > MAX_SHARE)).toEqual([]);
});

test('they say the same of grants of listed records', { timeout: 120_000 }, async () => {
  await using ethereum = ethereumDriver();
  const coverage = new Coverage();
  await compareLedgers([memoryDriver(), ethereum], { seed: 4, runs: 5, aimAt: recordListCells, coverage });
  expect(recordListCells.map(cellName).filter((cell) => coverage.hits(cell) < 5)).toEqual([]);
});
