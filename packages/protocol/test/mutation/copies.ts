import { cpSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import type { Protocol } from '../scenarios.ts';
import { type Mutant, SOURCE } from './mutants.ts';

/** Loads mutated copies of the package, each as one module of its own. */
export interface Copies extends Disposable {
  /** @throws whatever the mutated code throws while it is loaded. */
  load(mutant: Mutant): Promise<Protocol>;
}

/** One copy of the sources in a temporary folder; each mutant changes one file there, is bundled, and is undone. */
export function copies(): Copies {
  const folder = mkdtempSync(join(tmpdir(), 'medseal-mutants-'));
  const copy = join(folder, 'src');
  cpSync(SOURCE, copy, { recursive: true, filter: (path) => !path.endsWith('.test.ts') });
  symlinkSync(join(SOURCE, '../node_modules'), join(folder, 'node_modules'));
  let count = 0;
  return {
    async load({ file, source, original }) {
      const outfile = join(folder, `${count++}.mjs`);
      writeFileSync(join(copy, file), source);
      await build({
        entryPoints: [join(copy, 'index.ts')],
        outfile,
        bundle: true,
        format: 'esm',
        packages: 'external',
      });
      writeFileSync(join(copy, file), original);
      return (await import(pathToFileURL(outfile).href)) as Protocol;
    },
    [Symbol.dispose]() {
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
