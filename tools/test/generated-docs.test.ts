import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { commands, rejections } from '../../packages/protocol/src/index.ts';
import { repository } from './repository.ts';

const page = readFileSync(join(repository, 'docs/protocol.md'), 'utf8');
const folder = mkdtempSync(join(tmpdir(), 'medseal-docs-'));
const copy = join(folder, 'protocol.md');

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

function generateDocs(...options: readonly string[]): void {
  execFileSync(process.execPath, [join(repository, 'tools/generate-docs.ts'), ...options], { stdio: 'pipe' });
}

test('docs/protocol.md says what the definitions say', () => {
  expect(() => {
    generateDocs('--check');
  }).not.toThrow();
});

test('a page that drifted is found, and made good', () => {
  const drifted = page.replace('| `validUntil` | time |', '| `validUntil` | day |');
  expect(drifted).not.toBe(page);
  writeFileSync(copy, drifted);
  expect(() => {
    generateDocs('--check', copy);
  }).toThrow(/not what the definitions say/);
  expect(readFileSync(copy, 'utf8')).toBe(drifted);
  generateDocs(copy);
  expect(readFileSync(copy, 'utf8')).toBe(page);
});

test('a page without a place for a part is refused, and so is a part that nobody knows', () => {
  writeFileSync(copy, page.replace('<!-- generated: kinds -->', ''));
  expect(() => {
    generateDocs(copy);
  }).toThrow(/no place for: kinds/);
  writeFileSync(copy, `${page}\n<!-- generated: weather -->\n<!-- end -->`);
  expect(() => {
    generateDocs(copy);
  }).toThrow(/unknown part: weather/);
});

test('every command, every rule and every code stands on the page', () => {
  for (const { name, rules } of Object.values(commands)) {
    const section = page.slice(page.indexOf(`### ${name}\n`));
    for (const [code] of rules) expect(section.slice(0, section.indexOf('\nEffect: '))).toContain(`\`${code}\``);
  }
  for (const [code, { meaning }] of Object.entries(rejections)) {
    expect(page).toContain(`\`${code}\``);
    expect(page).toContain(meaning);
  }
});
