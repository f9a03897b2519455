import { describe, expect, it } from 'vitest';
import { type CaseResult, ConformanceError, requireConformance, runSuite, type Suite } from '../src/index.ts';
import { expectEqual, expectMatch, expectRejection, expectTrue } from '../src/suite/expect.ts';

interface Subject extends AsyncDisposable {
  readonly number: number;
}

/** Counts the subjects that it makes, and those that were disposed of. */
class Counter {
  made = 0;
  disposed = 0;
}

const suite: Suite<Counter, Subject> = {
  port: 'number',
  open: async (counter) => ({
    number: ++counter.made,
    [Symbol.asyncDispose]: async () => {
      counter.disposed++;
    },
  }),
  cases: [
    { name: 'passes', run: async ({ number }) => expectEqual(number, 1, 'the number') },
    { name: 'fails', run: async ({ number }) => expectEqual(number, 1, 'the number') },
    {
      name: 'does not apply',
      requires: ({ number }) => `number ${number} is odd`,
      run: async () => expectTrue(false, 'it is not run'),
    },
    { name: 'hangs', run: () => new Promise(() => {}) },
  ],
};

const quick = { timeout: 20 };

describe('a suite that runs', () => {
  it('tells of each case what became of it, on a subject of its own', async () => {
    const counter = new Counter();
    const seen: CaseResult[] = [];
    const results = await runSuite(suite, counter, { ...quick, onCase: (result) => seen.push(result) });
    expect(results.passed).toEqual(['passes']);
    expect(results.failed.map(({ name }) => name)).toEqual(['fails', 'hangs']);
    expect(results.failed[0]?.error).toMatchObject({
      name: 'ConformanceError',
      code: 'NOT_CONFORMING',
      demand: 'the number',
      expected: '1',
      seen: '2',
    });
    expect(results.failed[1]?.error).toMatchObject({ expected: 'an end within 20 ms' });
    expect(results.skipped).toEqual([{ name: 'does not apply', reason: 'number 3 is odd' }]);
    expect(seen.map(({ name, outcome }) => `${name}: ${outcome}`)).toEqual([
      'passes: passed',
      'fails: failed',
      'does not apply: skipped',
      'hangs: failed',
    ]);
    expect(counter).toMatchObject({ made: 4, disposed: 3 });
    expect(() => requireConformance(results)).toThrow('- fails: the number: expected 1, saw 2');
  });

  it('runs the cases that are wanted', async () => {
    const results = await runSuite(suite, new Counter(), { only: (name) => name === 'passes' });
    expect(results).toEqual({ passed: ['passes'], failed: [], skipped: [] });
    expect(() => requireConformance(results)).not.toThrow();
  });

  it('ends with the reason of its signal, also in the middle of a case', async () => {
    const reason = new Error('enough');
    const abort = new AbortController();
    const running = runSuite(suite, new Counter(), { signal: abort.signal, only: (name) => name === 'hangs' });
    setTimeout(() => abort.abort(reason), 10);
    await expect(running).rejects.toBe(reason);
    await expect(runSuite(suite, new Counter(), { signal: abort.signal })).rejects.toBe(reason);
  });
});

describe('what is expected', () => {
  it.each([
    [1, 2],
    [undefined, null],
    [[1], [1, 2]],
    [[1], { 0: 1 }],
    [{ a: 1 }, { a: 1, b: 2 }],
    [Uint8Array.of(1), Uint8Array.of(2)],
    [Uint8Array.of(1), [1]],
    [new Error('a'), new Error('a')],
  ])('%o is not equal to %o', (a, b) => {
    expect(() => expectEqual(a, b, 'x')).toThrow(ConformanceError);
    expect(() => expectEqual(b, a, 'x')).toThrow(ConformanceError);
  });

  it('takes bytes of any class, and absent fields, for equal', () => {
    expect(() => expectEqual(Buffer.of(1), Uint8Array.of(1), 'x')).not.toThrow();
    expect(() => expectEqual({ a: undefined, b: [Number.NaN] }, { b: [Number.NaN] }, 'x')).not.toThrow();
  });

  it('names the demand, what was expected and what was seen, in few words', async () => {
    expect(() => expectMatch({ a: 1 }, { a: 2 }, 'the pair')).toThrow('the pair: expected { a: 2 }, saw { a: 1 }');
    const long = new Uint8Array(1000).fill(171);
    expect(() => expectEqual(long, undefined, 'x')).toThrow(`saw 1000 bytes ${'ab'.repeat(16)}…`);
    const refused = expectRejection(Promise.resolve(7), { code: 'ABSENT' }, 'a get');
    await expect(refused).rejects.toThrow('a get: expected { code: "ABSENT" }, saw no failure but 7');
    const cause = new RangeError('no');
    const other = expectRejection(Promise.reject(cause), new Error('reason'), 'an abort');
    await expect(other).rejects.toMatchObject({ cause, seen: 'RangeError (no)' });
  });
});
