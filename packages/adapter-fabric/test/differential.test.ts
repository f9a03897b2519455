import {
  cellName,
  compareLedgers,
  Coverage,
  memoryDriver,
  recordListCells,
  runPlan,
  unreachableCells,
} from '@medseal/conformance';
import { fabricAvailable } from '@medseal/devnet';
import { commands, isLedgerCode, type LedgerCode, rejections } from '@medseal/protocol';
import { describe, expect, test } from 'vitest';
import { fabricDriver } from './driver.ts';

const available = await fabricAvailable();
const reason = available.ok ? '' : ` (skipped: ${available.reason})`;

/** Each seed is played on worlds of its own, all at a time on one network. */
const plan = runPlan({ seeds: [1, 2, 3, 4, 5, 6, 7, 8], runs: 5 });
const described = `seeds ${plan.seeds.join(', ')}; ${plan.runs} sequences each`;

const codes = Object.keys(rejections).filter((code): code is LedgerCode => isLedgerCode(code));
const names = Object.keys(commands) as (keyof typeof commands)[];

describe.skipIf(!available.ok)(`Fabric${reason}`, () => {
  test(`memory and Fabric are one rule set (${described})`, { timeout: 15 * 60_000 }, async () => {
    await using fabric = await fabricDriver();
    const coverage = new Coverage();
    const ofLists = new Coverage();
    const short = { minActions: 15, maxActions: 20 };
    const lanes = plan.seeds.map((seed) =>
      compareLedgers([memoryDriver(), fabric], { seed, runs: plan.runs, coverage, ...short }),
    );
    const lists = { seed: 4, runs: 5, coverage: ofLists, aimAt: recordListCells };
    lanes.push(compareLedgers([memoryDriver(), fabric], { ...lists, ...short }));
    // All lanes end before the network does; the first failure is told.
    await Promise.allSettled(lanes);
    await Promise.all(lanes);
    process.stdout.write(`${coverage.table()}\n`);
    expect(recordListCells.map(cellName).filter((cell) => ofLists.hits(cell) === 0)).toEqual([]);
    expect(coverage.sequences).toBe(plan.seeds.length * plan.runs);
    expect(unreachableCells.filter((cell) => coverage.hits(cell) > 0)).toEqual([]);
    if (!plan.standard) return;
    expect(names.filter((name) => coverage.hits(`${name} applied`) === 0)).toEqual([]);
    expect(codes.filter((code) => coverage.hitsOf(code) === 0)).toEqual([]);
  });
});
