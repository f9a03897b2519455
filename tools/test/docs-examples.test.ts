import { execFile, spawnSync } from 'node:child_process';
import { globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { examplesIn } from './markdown-examples.ts';
import { publicPackages } from './public-packages.ts';
import { binary, repository } from './repository.ts';

const start = promisify(execFile);

const documents = globSync(['README.md', 'docs/**/*.md', 'packages/*/README.md', 'examples/*/README.md'], {
  cwd: repository,
});
const examples = documents
  .toSorted()
  .flatMap((path) => examplesIn(readFileSync(join(repository, path), 'utf8')).map((example) => ({ ...example, path })))
  .map((example, index) => ({ ...example, file: `example-${index}.ts`, name: `${example.path}:${example.line}` }));

const declarations = globSync('packages/umbral/types/*.d.ts', { cwd: repository }).map((path) =>
  join(repository, path),
);

/** Inside the repository, so that a program finds third-party packages; the packages themselves are linked in. */
let folder: string;

function typeErrors(files: readonly string[]): readonly string[] {
  const compilerOptions = {
    types: ['node'],
    noEmit: true,
    composite: false,
    declaration: false,
    isolatedDeclarations: false,
  };
  const relaxed = { noUnusedLocals: false, noUnusedParameters: false };
  const config = {
    extends: join(repository, 'tsconfig.base.json'),
    compilerOptions: { ...compilerOptions, ...relaxed },
    // Packages are checked by their sources, which need what they declare of packages without types.
    files: [...files, ...declarations],
  };
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config));
  const { stdout } = spawnSync(binary('tsc'), ['-p', folder, '--pretty', 'false'], { cwd: folder, encoding: 'utf8' });
  return stdout.split('\n').filter((line) => line !== '');
}

async function output(file: string): Promise<string> {
  const { stdout } = await start(process.execPath, ['--conditions=@medseal/source', file], {
    cwd: folder,
    timeout: 60_000,
  });
  return stdout;
}

beforeAll(() => {
  mkdirSync(join(repository, '.cache'), { recursive: true });
  folder = mkdtempSync(join(repository, '.cache/docs-examples-'));
  mkdirSync(join(folder, 'node_modules/@medseal'), { recursive: true });
  for (const one of publicPackages()) symlinkSync(one.folder, join(folder, 'node_modules', one.name));
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ type: 'module' }));
  for (const { file, code } of examples) writeFileSync(join(folder, file), code);
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the examples in the docs', () => {
  it('have right types', () => {
    const named = typeErrors(examples.map(({ file }) => file)).map((error) =>
      error.replace(/^(example-\d+\.ts)/, (file) => examples.find((example) => example.file === file)?.name ?? file),
    );
    expect(named).toEqual([]);
  });

  it.each(examples.filter(({ run }) => run))('$name runs', async ({ file, output: expected }) => {
    expect(await output(file)).toEqual(expected ?? expect.any(String));
  });
});

describe('the tool', () => {
  it('sees a wrong type and a program that fails', async () => {
    writeFileSync(join(folder, 'wrong.ts'), `const n: number = 'one';\nthrow new Error('it ran ' + n);\n`);
    expect(typeErrors(['wrong.ts'])).toEqual([expect.stringMatching(/^wrong\.ts\(1,7\): error TS2322/)]);
    await expect(output('wrong.ts')).rejects.toThrow('it ran one');
  });

  it('finds marked blocks, their output and their lines', () => {
    const markdown = [
      '# Title',
      '```ts\nfragment\n```',
      '<!-- run -->',
      '```ts\nconsole.log(1)\n```\n',
      '```text\n1\n```',
      '<!-- check -->\n',
      '```ts\na()\nb()\n```',
    ].join('\n');
    expect(examplesIn(markdown)).toEqual([
      { line: 7, code: 'console.log(1)\n', run: true, output: '1\n' },
      { line: 16, code: 'a()\nb()\n', run: false, output: undefined },
    ]);
    expect(() => examplesIn('<!-- run -->\nprose\n')).toThrow('line 1: no `ts` block follows the mark');
  });
});
