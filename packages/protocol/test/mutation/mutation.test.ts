import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, expect, test } from 'vitest';
import { equivalents } from './equivalents.ts';
import type { Fate } from './run-mutants.ts';

const MINUTES = 60_000;

let fates: readonly Fate[] = [];

beforeAll(async () => {
  const program = join(import.meta.dirname, 'run-mutants.ts');
  const options = { maxBuffer: 2 ** 26 };
  // A process of its own: vitest would transform each mutated copy.
  const { stdout } = await promisify(execFile)(process.execPath, ['--conditions=@medseal/source', program], options);
  fates = JSON.parse(stdout) as readonly Fate[];
}, 10 * MINUTES);

function reasonFor({ file, before, after, fate }: Fate): string | undefined {
  const known = equivalents.find(
    (one) => one.file === file && before.startsWith(one.before) && after.startsWith(one.after),
  );
  if (known === undefined) return undefined;
  return fate === 'equivalent' || known.byReason === true ? known.reason : undefined;
}

test('every mutant is killed by a directed case, or is no other program', () => {
  const living = fates.filter(({ fate }) => fate !== 'killed');
  const explained = living.filter((one) => reasonFor(one) !== undefined);
  const killed = fates.length - living.length;
  process.stdout.write(`${fates.length} mutants, ${killed} killed, ${explained.length} equivalent\n`);
  for (const one of explained)
    process.stdout.write(`  ${one.file}:${one.line} ${one.before} → ${one.after}: ${reasonFor(one)}\n`);
  expect(living.filter((one) => reasonFor(one) === undefined)).toEqual([]);
});

test('mutants are of every kind and of every file that holds rules', () => {
  const kinds = new Set(fates.map(({ kind }) => kind));
  for (const kind of [
    'rule: drop',
    'rule: swap',
    'operator',
    'off by one',
    'operand',
    'test',
    'element: drop',
    'field: drop',
    'other field',
    'check: drop',
    'check: swap',
    'allowsBanned: drop',
    'allowsBanned: add',
  ])
    expect(kinds).toContain(kind);
  expect(fates.length).toBeGreaterThan(800);
  const files = new Set(fates.map(({ file }) => file));
  expect(files.size).toBe(20);
});
