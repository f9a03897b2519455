import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { build } from 'esbuild';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { apiReport } from './api-report.ts';
import { describeInstalledApp } from './installed-app.ts';
import { type PublicPackage, publicPackages, readManifest } from './public-packages.ts';
import { binary, repository } from './repository.ts';

const packages = publicPackages();
/** Optional dependencies: on a machine where one could not be fetched, its tests are skipped. */
const nodes: readonly (readonly [name: string, path: string])[] = [
  ['Node 22', join(repository, 'tools/runtimes/node_modules/node22/bin/node')],
  ['Node 24', join(repository, 'node_modules/node/bin/node')],
  ['Node 26', join(repository, 'tools/runtimes/node_modules/node26/bin/node')],
];

/** The project of somebody who has installed the tarballs. */
const app = mkdtempSync(join(tmpdir(), 'medseal-packed-'));
afterAll(() => rmSync(app, { recursive: true, force: true }));

const installed = (name: string): string => join(app, 'node_modules', name);

const tarballs = join(app, 'tarballs');

function tarballOf(name: string): string {
  const tarball = readdirSync(tarballs).find((file) => file.startsWith(`${name.slice(1).replace('/', '-')}-`));
  if (tarball === undefined) throw new Error(`pnpm pack wrote no tarball for ${name}`);
  return join(tarballs, tarball);
}

/** Standard output of a program that must succeed. */
function run(file: string, args: readonly string[], cwd: string): string {
  const { error, status, stdout, stderr } = spawnSync(file, args, { cwd, encoding: 'utf8' });
  if (error !== undefined) throw error;
  if (status !== 0) throw new Error(`${file} ${args.join(' ')} ended with ${status}\n${stdout}${stderr}`);
  return stdout;
}

/** pnpm as the script runner gave it, or fetched when the tests were started without pnpm. */
function pnpm(args: readonly string[], cwd: string): string {
  const runner = process.env.npm_execpath ?? '';
  if (!basename(runner).startsWith('pnpm')) return run('npx', ['--yes', 'pnpm@12.21.0', ...args], cwd);
  return /\.[cm]?js$/.test(runner) ? run(process.execPath, [runner, ...args], cwd) : run(runner, args, cwd);
}

/** Unpacks a tarball as a package manager would, with third-party dependencies from the workspace: no network. */
function install({ name, folder, manifest }: PublicPackage): void {
  pnpm(['pack', '--pack-destination', tarballs], folder);
  mkdirSync(installed(name), { recursive: true });
  run('tar', ['-xzf', tarballOf(name), '--strip-components=1', '-C', installed(name)], app);
  for (const dependency of Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies })) {
    if (dependency.startsWith('@medseal/')) continue;
    const link = join(installed(name), 'node_modules', dependency);
    mkdirSync(dirname(link), { recursive: true });
    symlinkSync(realpathSync(join(folder, 'node_modules', dependency)), link);
  }
}

beforeAll(() => {
  mkdirSync(tarballs);
  // From nothing, so that no output of a source deleted long ago is packed.
  for (const { folder } of packages) rmSync(join(folder, 'dist'), { recursive: true, force: true });
  run(binary('tsc'), ['-b', ...packages.map(({ folder }) => folder)], repository);
  for (const one of packages) install(one);
  writeFileSync(join(app, 'package.json'), JSON.stringify({ name: 'app', private: true, type: 'module' }));
}, 300_000);

const filesOf = (name: string): readonly string[] =>
  readdirSync(installed(name), { recursive: true, encoding: 'utf8' }).filter(
    (path) => !path.startsWith('node_modules'),
  );

/** Entries that are programs: they run when imported, and without their environment say what they need. */
const programs: Readonly<Record<string, string>> = { '@medseal/adapter-fabric/chaincode': 'CHAINCODE_ID' };

/** `@medseal/core` and `@medseal/core/adapter`, and where the sources of each are. */
const entries = packages
  .flatMap(({ name, folder, manifest }) =>
    Object.entries(manifest.exports).map(([path, conditions]) => {
      const source = join(folder, conditions['@medseal/source'] ?? '');
      return [join(name, path).replace(/\/$/, ''), source] as const;
    }),
  )
  .filter(([entry]) => !Object.hasOwn(programs, entry));

/** Declarations of every entry point. */
const reports = packages.flatMap(({ name, folder, manifest }) =>
  Object.entries(manifest.exports).map(([path, { types = '' }]) => ({
    entry: join(name, path).replace(/\/$/, ''),
    folder,
    types,
  })),
);

/** vitest refuses `require()` by itself, and an import outside of its runner. */
const needsVitest = (entry: string): boolean => entry.endsWith('/vitest');

describe.each(packages)('the tarball of $name', ({ name, folder }) => {
  it('holds licence, readme, code and types, and nothing that is not for users', () => {
    const files = filesOf(name);
    expect(files).toEqual(
      expect.arrayContaining(['LICENSE', 'README.md', 'package.json', 'dist/index.js', 'dist/index.d.ts']),
    );
    expect(
      files.filter((path) => /\.test\.|\.tsbuildinfo$|(^|\/)(test|src|\.cache)(\/|$)|tsconfig/.test(path)),
    ).toEqual([]);
    expect(readFileSync(join(installed(name), 'LICENSE'), 'utf8')).toBe(
      readFileSync(join(repository, 'LICENSE'), 'utf8'),
    );
    const sources = readdirSync(join(folder, 'src'), { recursive: true, encoding: 'utf8' });
    const modules = sources.filter((path) => path.endsWith('.ts') && !path.endsWith('.test.ts'));
    for (const module of modules) {
      expect(files).toContain(`dist/${module.replace(/\.ts$/, '.js')}`);
      expect(files).toContain(`dist/${module.replace(/\.ts$/, '.d.ts')}`);
    }
  });

  it('declares versions and built files, not the workspace', () => {
    const path = join(installed(name), 'package.json');
    expect(readFileSync(path, 'utf8')).not.toMatch(/workspace:|@medseal\/source(?!\s)|catalog:/);
    const { exports } = readManifest(path);
    const targets = Object.values(exports).flatMap((conditions) => Object.values(conditions));
    expect(targets.length).toBeGreaterThan(0);
    for (const target of targets) expect(filesOf(name)).toContain(target.replace('./', ''));
  });

  it('holds no code that imports TypeScript', () => {
    const code = filesOf(name).filter((path) => path.endsWith('.js'));
    expect(code.filter((path) => /from '\.[^']*\.ts'/.test(readFileSync(join(installed(name), path), 'utf8')))).toEqual(
      [],
    );
  });
});

describe.each(packages)('as its readers see it, $name', ({ name }) => {
  it('passes publint', async () => {
    const { messages, pkg } = await publint({ pkgDir: installed(name), strict: true, pack: false });
    expect(messages.map((message) => formatMessage(message, pkg, { color: false }))).toEqual([]);
  });

  it('has types where its code is', () => {
    const report = run(binary('attw'), ['--profile', 'esm-only', '--no-definitely-typed', tarballOf(name)], app);
    expect(report).toContain(`"${name}"`);
  });
});

describe('the API, as in docs/api (accept a change: pnpm run api)', () => {
  it.each(reports)('of $entry', async ({ entry, folder, types }) => {
    const name = entry.replace('@medseal/', '').replaceAll('/', '-');
    const { text, errors } = apiReport(app, name, folder, types);
    expect(errors).toEqual([]);
    await expect(text).toMatchFileSnapshot(join(repository, 'docs/api', `${name}.api.md`));
  });
});

describe('in a browser', () => {
  it.each(['core', 'core/adapter', 'core/format', 'core/tlog', 'protocol', 'umbral', 'conformance'])(
    'the tarball with @medseal/%s bundles without Node',
    async (entry) => {
      const stdin = { contents: `export * from '@medseal/${entry}'`, resolveDir: app };
      const options = { bundle: true, platform: 'browser', format: 'esm', write: false, logLevel: 'silent' } as const;
      const { outputFiles } = await build({ stdin, ...options });
      expect(outputFiles[0]?.text).not.toMatch(/(from|import\(?|require\() *["']node:/);
    },
  );
});

describeInstalledApp(tarballOf, nodes);

for (const [version, node] of nodes) {
  describe.skipIf(!existsSync(node))(`on ${version}`, () => {
    it('is the version meant', () => {
      expect(run(node, ['-p', '"Node " + process.versions.node.split(".")[0]'], app).trim()).toBe(version);
    });

    it.each(entries)('%s imports, with the exports of its sources', async (entry, source) => {
      const program = `import * as all from '${entry}'; console.log(JSON.stringify(Object.keys(all).sort()));`;
      const names = JSON.parse(run(node, ['--input-type=module', '-e', program], app)) as string[];
      const expected = (await import(source)) as Record<string, unknown>;
      expect(names).toEqual(Object.keys(expected).toSorted());
    });

    it.each(Object.entries(programs))('%s starts', (entry, message) => {
      const { stdout, stderr } = spawnSync(node, ['--input-type=module', '-e', `import '${entry}'`], {
        cwd: app,
        encoding: 'utf8',
      });
      expect(stdout + stderr).toContain(message);
    });

    it.each(entries.filter(([entry]) => !needsVitest(entry)))('%s can be required', (entry) => {
      const program = `console.log(typeof require('${entry}'))`;
      expect(run(node, ['--input-type=commonjs', '-e', program], app).trim()).toBe('object');
    });
  });
}

describe('for a strict user', () => {
  it('every export has a type', async () => {
    const lines = ['type IsAny<T> = 0 extends 1 & T ? true : false;'];
    for (const [i, [entry, source]] of entries.entries()) {
      const names = Object.keys((await import(source)) as object);
      lines.push(`import * as m${i} from '${entry}';`);
      for (const name of names) lines.push(`export const m${i}_${name}: IsAny<typeof m${i}.${name}> = false;`);
    }
    // One planted error proves that errors are seen.
    lines.push(`export const planted: IsAny<typeof m0> = true;`);
    writeFileSync(join(app, 'user.ts'), lines.join('\n'));
    const lib = ['es2024', 'esnext.disposable', 'dom', 'dom.asynciterable'];
    const compilerOptions = { module: 'nodenext', lib, strict: true, noEmit: true, types: [], skipLibCheck: false };
    writeFileSync(join(app, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['user.ts'] }));
    const { stdout } = spawnSync(binary('tsc'), ['-p', app, '--pretty', 'false'], { cwd: app, encoding: 'utf8' });
    // The declarations of others are theirs to mend.
    const errors = stdout.split('\n').filter((line) => /^(user\.ts|node_modules\/@medseal\/)/.test(line));
    expect(errors).toEqual([expect.stringMatching(new RegExp(`^user\\.ts\\(${lines.length},14\\)`))]);
  });
});
