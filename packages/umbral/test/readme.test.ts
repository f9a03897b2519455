import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';

const packageFolder = join(import.meta.dirname, '..');
const readme = readFileSync(join(packageFolder, 'README.md'), 'utf8');
let folder: string;
let program: string;

beforeAll(() => {
  // Inside the package, so that it finds `@medseal/umbral` as a user's program does.
  const cache = join(packageFolder, '.cache');
  mkdirSync(cache, { recursive: true });
  folder = mkdtempSync(join(cache, 'readme-'));
  program = join(folder, 'program.ts');
  const [, code] = /^```ts\n([\s\S]*?)^```/m.exec(readme) ?? [];
  if (code === undefined) throw new Error('the README has no program');
  writeFileSync(program, code);
});

afterAll(() => rmSync(folder, { recursive: true }));

it('the program of the README compiles', () => {
  const config = join(folder, 'tsconfig.json');
  const compilerOptions = { composite: false, noEmit: true, types: ['node'], isolatedDeclarations: false };
  const base = join(packageFolder, '../../tsconfig.base.json');
  writeFileSync(config, JSON.stringify({ extends: base, compilerOptions, files: ['program.ts'] }));
  const tsc = join(packageFolder, '../../node_modules/.bin/tsc');
  expect(execFileSync(tsc, ['-p', config], { encoding: 'utf8' })).toBe('');
}, 30_000);

it('the program of the README runs', () => {
  const args = ['--conditions=@medseal/source', program];
  expect(execFileSync(process.execPath, args, { encoding: 'utf8' })).toBe('the doctor has the key\n');
}, 30_000);
