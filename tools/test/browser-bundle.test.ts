import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { afterAll, describe, expect, it } from 'vitest';
import { repository } from './repository.ts';

const folder = mkdtempSync(join(tmpdir(), 'medseal-bundle-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function bundle(entry: string): Promise<Uint8Array> {
  const { outputFiles } = await build({
    entryPoints: [entry],
    bundle: true,
    platform: 'browser',
    format: 'esm',
    target: 'es2022',
    conditions: ['@medseal/source'],
    minify: true,
    write: false,
    logLevel: 'silent',
  });
  const [file] = outputFiles;
  if (file === undefined) throw new Error('esbuild wrote nothing');
  return file.contents;
}

describe('in a browser', () => {
  it.each(['packages/protocol/src/index.ts', 'packages/umbral/src/index.ts', 'packages/core/src/index.ts'])(
    '%s bundles without Node',
    async (entry) => {
      const code = await bundle(join(repository, entry));
      const text = Buffer.from(code).toString('utf8');
      expect(text).not.toMatch(/["']node:/);
      expect(text).not.toMatch(/\b(Buffer\.(from|alloc|concat)|process\.(env|cwd|version|nextTick)|__dirname)\b/);
      const kilobytes = (bytes: number): string => `${(bytes / 1000).toFixed(1)} kB`;
      console.info(`${entry}: ${kilobytes(code.length)} minified, ${kilobytes(gzipSync(code).length)} gzipped`);
      expect(code.length).toBeGreaterThan(0);
    },
  );

  it('a module of Node does not bundle', async () => {
    const entry = join(folder, 'entry.ts');
    writeFileSync(entry, `import { readFileSync } from 'node:fs'; console.log(readFileSync);`);
    await expect(bundle(entry)).rejects.toThrow('Could not resolve "node:fs"');
  });
});
