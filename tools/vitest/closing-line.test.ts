import { describe, expect, it } from 'vitest';
import { closingLine, type ModuleReport } from './closing-line.ts';

const module = (tests: ModuleReport['tests'], brokenSuites = 0, state?: ModuleReport['state']): ModuleReport => ({
  tests,
  brokenSuites,
  state: state ?? (tests.includes('failed') || brokenSuites > 0 ? 'failed' : 'passed'),
});
const text = (modules: readonly ModuleReport[], errors = 0, noSkips = false): string =>
  closingLine(modules, errors, noSkips).text;

describe('the closing line', () => {
  it('adds up the tests of all files and leaves out a zero of skipped ones', () => {
    expect(text([])).toBe('0 passed, 0 failed');
    expect(text([module(['passed', 'passed']), module(['failed', 'passed'])])).toBe('3 passed, 1 failed');
    expect(text([module(['passed', 'skipped', 'pending'])])).toBe('1 passed, 0 failed, 2 skipped');
  });

  it('counts a file that did not load, a broken hook and an error outside of tests', () => {
    expect(text([module([], 1)])).toBe('0 passed, 1 failed');
    expect(text([module(['failed', 'skipped'], 2)])).toBe('0 passed, 3 failed, 1 skipped');
    expect(text([module(['passed'])], 2)).toBe('1 passed, 2 failed');
  });

  it('counts a file that failed for a reason it does not tell', () => {
    expect(text([module(['passed'], 0, 'failed')])).toBe('1 passed, 1 failed');
  });

  it('turns skips into failures where skips are not allowed', () => {
    const modules = [module(['passed', 'skipped'])];
    expect(closingLine(modules, 0, true)).toEqual({ text: '1 passed, 1 failed', failed: 1 });
    expect(closingLine(modules, 0, false).failed).toBe(0);
  });
});
