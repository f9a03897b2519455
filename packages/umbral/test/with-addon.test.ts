/** Every test of the package again, with the curve of the native addon in place of noble's. */
import { readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { useBackend } from '../src/index.ts';
import { addonBackend } from '../src/native.ts';

useBackend(addonBackend);

const sources = join(import.meta.dirname, '../src');
const files = [
  ...readdirSync(sources)
    .filter((name) => name.endsWith('.test.ts'))
    .map((name) => join(sources, name)),
  ...['interop.test.ts', 'non-canonical.test.ts', 'vectors.test.ts'].map((name) => join(import.meta.dirname, name)),
];

it('finds them', () => {
  expect(files.length).toBeGreaterThan(10);
});

for (const path of files) {
  describe(`${basename(path)} with the addon`, async () => {
    await import(path);
  });
}
