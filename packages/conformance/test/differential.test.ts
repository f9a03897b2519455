import type { Ledger } from '@medseal/core';
import type { Participant } from '@medseal/protocol';
import { expect, test } from 'vitest';
import {
  cellName,
  compareLedgers,
  Coverage,
  DifferenceError,
  type LedgerDriver,
  type LedgerUnderTest,
  memoryDriver,
  recordListCells,
  runPlan,
} from '../src/index.ts';

/** A memory ledger that is not quite one. */
function liar(lie: (under: LedgerUnderTest) => Partial<LedgerUnderTest>): LedgerDriver {
  const honest = memoryDriver();
  return {
    ...honest,
    name: 'liar',
    create: async (options) => {
      const under = await honest.create(options);
      return { ...under, ...lie(under) };
    },
  };
}

function withLedger({ ledger }: LedgerUnderTest, change: Partial<Ledger>): Partial<LedgerUnderTest> {
  const { genesis, supports } = ledger;
  return {
    ledger: {
      genesis,
      supports,
      submit: (wire, options) => ledger.submit(wire, options),
      submission: (id) => ledger.submission(id),
      entries: (options) => ledger.entries(options),
      head: (options) => ledger.head(options),
      prove: (id, options) => ledger.prove(id, options),
      [Symbol.asyncDispose]: () => ledger[Symbol.asyncDispose](),
      ...change,
    },
  };
}

const lies: Readonly<Record<string, (under: LedgerUnderTest) => Partial<LedgerUnderTest>>> = {
  'answers with another code': (under) => ({
    sendRaw: async (wire) => {
      const answer = await under.sendRaw(wire);
      return answer.outcome === 'rejected' ? { outcome: 'rejected', code: 'BANNED' } : answer;
    },
  }),
  'keeps other state than it logs': (under) => ({
    readState: async (key) => {
      const value = await under.readState(key);
      return value !== undefined && 'roles' in value ? ({ ...value, version: 1 } satisfies Participant) : value;
    },
  }),
  'gives receipts of another time': (under) =>
    withLedger(under, {
      submit: async (wire) => {
        const submission = await under.ledger.submit(wire);
        const later = async () => ({ ...(await submission.committed()), time: 1 });
        return { ...submission, committed: later };
      },
    }),
  'leaves violations out of its log': (under) =>
    withLedger(under, {
      async *entries(options) {
        for await (const entry of under.ledger.entries(options)) if (entry.violation === undefined) yield entry;
      },
    }),
  'logs another time': (under) =>
    withLedger(under, {
      async *entries(options) {
        for await (const entry of under.ledger.entries(options)) yield { ...entry, time: entry.time - 1 };
      },
    }),
  'does not answer': (under) => withLedger(under, { submit: () => Promise.reject(new Error('out of order')) }),
};

test('ledgers of one kind do not differ', async () => {
  const coverage = new Coverage();
  await compareLedgers([memoryDriver(), memoryDriver()], { seed: 1, runs: 5, coverage });
  expect(coverage.sequences).toBe(5);
  expect(coverage.steps).toBeGreaterThan(5 * 30);
  expect(coverage.hits('register applied')).toBeGreaterThan(5);
  expect(coverage.share('register')).toBeGreaterThan(0);
  expect(coverage.hitsOf('MALFORMED')).toBeGreaterThan(coverage.hits('unknown rejected MALFORMED'));
  expect(coverage.table()).toContain(`${coverage.steps} steps`);
});

test('lists of records are scopes like others to a ledger, and readers of two ledgers say the same of them', async () => {
  const coverage = new Coverage();
  const options = { seed: 1, runs: 2, aimAt: recordListCells, coverage };
  await compareLedgers([memoryDriver(), memoryDriver()], options);
  for (const cell of recordListCells.map(cellName)) expect(coverage.hits(cell)).toBeGreaterThan(0);
});

test.each(Object.entries(lies))('finds a ledger that %s', async (_, lie) => {
  const options = { seed: 1, runs: 20, coverage: new Coverage(), shrinkMs: 0 };
  const failed: unknown = await compareLedgers([memoryDriver(), liar(lie)], options).catch((error: unknown) => error);
  expect(failed).toMatchObject({ cause: expect.any(DifferenceError) as unknown });
  expect(String(failed)).toContain('seed: 1');
  const { message } = (failed as { cause: DifferenceError }).cause;
  expect(message).toMatch(/^(Step \d+|After all \d+ steps)/);
  expect(message).toMatch(/\n {4}the rules: .*\n {4}memory: .*\n {4}liar: /);
});

test('looks for a shorter sequence, and reports it', async () => {
  const lie = lies['answers with another code'];
  if (lie === undefined) throw new TypeError('no such lie');
  const options = { seed: 2, runs: 20, coverage: new Coverage(), shrinkMs: 5_000 };
  const failed: unknown = await compareLedgers([liar(lie)], options).catch((error: unknown) => error);
  // How short it gets within its time depends on the machine; the sequences it begins with have 30 actions and more.
  expect(String(failed).match(/"kind"/g)?.length).toBeLessThan(30);
  expect((failed as { cause: DifferenceError }).cause.message).toContain('raw');
});

test('a plan follows the environment, or is the standard one', () => {
  const standard = { seeds: [1, 2], runs: 3 };
  expect(runPlan(standard, {})).toEqual({ ...standard, standard: true });
  expect(runPlan(standard, { MEDSEAL_SEED: '-5' })).toEqual({ seeds: [-5], runs: 3, standard: false });
  expect(runPlan(standard, { MEDSEAL_RUNS: '9' })).toEqual({ seeds: [1, 2], runs: 9, standard: false });
  const random = runPlan(standard, { MEDSEAL_SEED: 'random' }).seeds;
  expect(random).toHaveLength(1);
  expect(random.every(Number.isInteger)).toBe(true);
  expect(() => runPlan(standard, { MEDSEAL_SEED: 'x' })).toThrow('MEDSEAL_SEED');
  expect(() => runPlan(standard, { MEDSEAL_RUNS: '1.5' })).toThrow('MEDSEAL_RUNS');
});
