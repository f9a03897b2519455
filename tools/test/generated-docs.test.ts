import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { commands, rejections } from '../../packages/protocol/src/index.ts';
import { generate, PAGE } from '../generate-docs.ts';

const page = readFileSync(PAGE, 'utf8');

test('docs/protocol.md says what the definitions say', () => {
  expect(generate(page)).toBe(page);
});

test('a page that drifts is made good', () => {
  const drifted = page.replace('| `validUntil` | time |', '| `validUntil` | day |');
  expect(drifted).not.toBe(page);
  expect(generate(drifted)).toBe(page);
});

test('a page without a place for a part is refused, and so is a part that nobody knows', () => {
  expect(() => generate(page.replace('<!-- generated: kinds -->', ''))).toThrow(/no place for: kinds/);
  expect(() => generate(`${page}\n<!-- generated: weather -->\n<!-- end -->`)).toThrow(/unknown part: weather/);
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
