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
import { expect, test } from 'vitest';
import { localDriver } from './driver.ts';

const plan = runPlan({ seeds: [1, 2, 3], runs: 50 });
const described = `seeds ${plan.seeds.join(', ')}; ${plan.runs} sequences each`;

test(`memory and the file are one rule set (${described})`, { timeout: 120_000 }, async () => {
  await using local = localDriver();
  const coverage = new Coverage();
  for (const seed of plan.seeds) await compareLedgers([memoryDriver(), local], { seed, runs: plan.runs, coverage });
  expect(coverage.sequences).toBe(plan.seeds.length * plan.runs);
  expect(unreachableCells.filter((cell) => coverage.hits(cell) > 0)).toEqual([]);
  if (!plan.standard) return;
  expect(reachableCells.map(cellName).filter((cell) => coverage.hits(cell) === 0)).toEqual([]);
});

test('they say the same of grants of listed records', { timeout: 120_000 }, async () => {
  await using local = localDriver();
  const coverage = new Coverage();
  await compareLedgers([memoryDriver(), local], { seed: 4, runs: 10, aimAt: recordListCells, coverage });
  expect(recordListCells.map(cellName).filter((cell) => coverage.hits(cell) < 10)).toEqual([]);
});
