import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, describe, expect, it } from 'vitest';
import { binary, repository } from './repository.ts';

/** A run of vitest with our reporter: what stands on its last line, and its exit code. */
type Outcome = readonly [lastLine: string | undefined, exitCode: number | null];

mkdirSync(join(repository, '.cache'), { recursive: true });
const folder = mkdtempSync(join(repository, '.cache/test-run-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function run(source: string | undefined, noSkips = false): Promise<Outcome> {
  const root = mkdtempSync(join(folder, 'case-'));
  const head = `import { afterAll, beforeAll, describe, expect, it } from 'vitest';\n`;
  if (source !== undefined) writeFileSync(join(root, 'case.test.ts'), head + source);
  const reporters = ['default', join(repository, 'tools/vitest/closing-line-reporter.ts')];
  writeFileSync(join(root, 'vitest.config.ts'), `export default ${JSON.stringify({ test: { reporters } })};`);
  const own = Object.entries(process.env).filter(([name]) => !name.startsWith('VITEST'));
  const env = { ...Object.fromEntries(own), CI: 'true', MEDSEAL_NO_SKIPS: noSkips ? '1' : '' };
  const vitest = spawn(binary('vitest'), ['run', '--root', root], { env, stdio: ['ignore', 'pipe', 'ignore'] });
  const output = text(vitest.stdout);
  const [exitCode] = (await once(vitest, 'close')) as [number | null];
  return [(await output).trimEnd().split('\n').at(-1), exitCode];
}

const good = `it('passes', () => { expect(1).toBe(1); });\n`;

describe.concurrent('the last line and the exit code of a run', () => {
  it.each<[name: string, source: string | undefined, outcome: Outcome]>([
    ['all tests pass', good, ['1 passed, 0 failed', 0]],
    ['a test fails', `${good}it('fails', () => { expect(1).toBe(2); });`, ['1 passed, 1 failed', 1]],
    ['a file does not load', `${good}throw new Error('at load');`, ['0 passed, 1 failed', 1]],
    ['a file does not parse', `${good}const = ;`, ['0 passed, 1 failed', 1]],
    [
      'a hook fails before',
      `beforeAll(() => { throw new Error('hook'); });\n${good}`,
      ['0 passed, 1 failed, 1 skipped', 1],
    ],
    ['a hook fails behind', `afterAll(() => { throw new Error('hook'); });\n${good}`, ['1 passed, 1 failed', 1]],
    [
      'a hook fails beside a failing test',
      `it('fails', () => { expect(1).toBe(2); });\ndescribe('s', () => { beforeAll(() => { throw new Error('hook'); });\n${good}});`,
      ['0 passed, 2 failed, 1 skipped', 1],
    ],
    [
      'a promise is left to reject',
      `it('passes', () => { void Promise.reject(new Error('stray')); });`,
      ['1 passed, 1 failed', 1],
    ],
    ['a test is skipped', `${good}it.skip('later', () => {});`, ['1 passed, 0 failed, 1 skipped', 0]],
    [
      'a case of a conformance suite does not apply',
      `${good}it('other', ({ skip }) => skip('does not apply: it has no proofs'));`,
      ['1 passed, 0 failed', 0],
    ],
    ['a file holds no test', `export {};`, ['0 passed, 1 failed', 1]],
    ['there is no file', undefined, ['0 passed, 1 failed', 1]],
  ])('%s', async (_name, source, outcome) => {
    expect(await run(source)).toEqual(outcome);
  });

  it('fails on a skipped test where skips are not allowed', async () => {
    expect(await run(`${good}it.skip('later', () => {});`, true)).toEqual(['1 passed, 1 failed', 1]);
    expect(await run(good, true)).toEqual(['1 passed, 0 failed', 0]);
  });
});
