/**
 * Writes the vectors of the sealed format. Those of a released format are never written again: see vectors/README.md.
 *
 *   node --conditions=@medseal/source packages/core/tools/make-format-vectors.ts
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { replaceRandomness } from './fixed-randomness.ts';
import { makeVectors } from './format-vectors.ts';

const folder = fileURLToPath(new URL('../../../vectors/format/', import.meta.url));
mkdirSync(folder, { recursive: true });
replaceRandomness();
let count = 0;
for await (const { name, bytes } of makeVectors()) {
  writeFileSync(folder + name, bytes);
  count += 1;
}
console.log(`${count} vectors in vectors/format`);
