import { spawnSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { publicPackages, readManifest } from './public-packages.ts';
import { repository } from './repository.ts';

/** What the application names in its package.json, and what comes with it. */
const direct = ['@medseal/core', '@medseal/adapter-local'];
const packages = publicPackages().filter(({ name }) =>
  [...direct, '@medseal/protocol', '@medseal/umbral'].includes(name),
);

interface Installer {
  readonly name: string;
  /** Beside package.json. */
  readonly files: (overrides: Readonly<Record<string, string>>) => Readonly<Record<string, string>>;
  readonly manifest: (overrides: Readonly<Record<string, string>>) => object;
  readonly command: readonly string[];
}

const installers: readonly Installer[] = [
  {
    name: 'npm',
    files: () => ({}),
    manifest: (overrides) => ({ overrides }),
    command: ['npm', 'install', '--offline', '--ignore-scripts', '--no-audit', '--no-fund'],
  },
  {
    name: 'pnpm',
    files: (overrides) => ({ 'pnpm-workspace.yaml': `overrides: ${JSON.stringify(overrides)}\n` }),
    manifest: () => ({}),
    command: ['npx', '--yes', 'pnpm@12.21.0', 'install', '--offline', '--ignore-scripts'],
  },
];

/** Registers tests that install tarballs with npm and with pnpm, without a network, and run an application on them. */
export function describeInstalledApp(
  tarballOf: (name: string) => string,
  nodes: readonly (readonly [string, string])[],
): void {
  const folder = mkdtempSync(join(tmpdir(), 'medseal-installed-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  let specs: Readonly<Record<string, string>> = {};
  beforeAll(() => {
    specs = {
      ...Object.fromEntries(packages.map(({ name }) => [name, `file:${tarballOf(name)}`])),
      ...packOthers(folder),
    };
  });

  describe.each(installers)('an application installed by $name', (installer) => {
    const app = join(folder, installer.name);

    it('installs core and adapter-local from tarballs', () => {
      install(app, installer, specs);
      for (const name of direct) expect(existsSync(join(app, 'node_modules', name, 'dist/index.js'))).toBe(true);
      // Nothing of the workspace: what was installed was the tarballs.
      expect(realpathSync(join(app, 'node_modules/@medseal/core'))).not.toContain(realpathSync(repository));
    });

    it.each(nodes.filter(([, node]) => existsSync(node)))(
      'runs on %s, and everything is there after a restart',
      (_, node) => {
        rmSync(join(app, 'data'), { recursive: true, force: true });
        const config = readFileSync(join(repository, 'examples/config/local.json'), 'utf8');
        // Less work for the passphrase than an application should ask for.
        writeFileSync(join(app, 'medseal.json'), config.replace('"./data/keys",', '"./data/keys", "logN": 14,'));
        const env = { ...process.env, MEDSEAL_KEY_STORE: 'correct horse battery staple' };
        const play = (part: string): string => run([node, 'installed-app.mjs', part], app, env);
        expect(play('first')).toBe('Blood pressure 128/82\n');
        expect(play('restarted')).toBe('Blood pressure 128/82\nGRANT_REVOKED\ntrue\n');
      },
    );
  });
}

function install(app: string, { files, manifest, command }: Installer, specs: Readonly<Record<string, string>>): void {
  mkdirSync(app);
  const dependencies = Object.fromEntries(direct.map((name) => [name, specs[name]]));
  const own = { name: 'app', version: '1.0.0', private: true, type: 'module', dependencies, ...manifest(specs) };
  writeFileSync(join(app, 'package.json'), JSON.stringify(own, undefined, 2));
  for (const [name, content] of Object.entries(files(specs))) writeFileSync(join(app, name), content);
  copyFileSync(join(repository, 'tools/test/fixtures/installed-app.mjs'), join(app, 'installed-app.mjs'));
  run(command, app);
}

/** Tarballs of what the packages depend on, made of what the workspace has installed: the registry is not asked. */
function packOthers(folder: string): Readonly<Record<string, string>> {
  const tarballs = join(folder, 'others');
  mkdirSync(tarballs);
  const found = new Map<string, string>();
  const collect = (from: string): void => {
    for (const name of Object.keys(readManifest(join(from, 'package.json')).dependencies ?? {})) {
      if (name.startsWith('@medseal/') || found.has(name)) continue;
      const own = installedFor(from, name);
      found.set(name, own);
      collect(own);
    }
  };
  for (const one of packages) collect(one.folder);
  return Object.fromEntries([...found].map(([name, own]) => [name, `file:${pack(own, tarballs)}`]));
}

/** Where Node finds a dependency of the package in this folder. */
function installedFor(from: string, name: string): string {
  for (let at = from; at !== dirname(at); at = dirname(at)) {
    const candidate = join(at, 'node_modules', name);
    if (existsSync(candidate)) return realpathSync(candidate);
  }
  throw new Error(`${name} is not installed for ${from}`);
}

function pack(own: string, tarballs: string): string {
  const before = new Set(readdirSync(tarballs));
  run(['npm', 'pack', own, '--ignore-scripts', '--pack-destination', tarballs], tarballs);
  const made = readdirSync(tarballs).find((file) => !before.has(file));
  if (made === undefined) throw new Error(`npm pack wrote no tarball of ${own}`);
  return join(tarballs, made);
}

function run([file = '', ...args]: readonly string[], cwd: string, env: NodeJS.ProcessEnv = process.env): string {
  const { error, status, stdout, stderr } = spawnSync(file, args, { cwd, env, encoding: 'utf8' });
  if (error !== undefined) throw error;
  if (status !== 0) throw new Error(`${file} ${args.join(' ')} ended with ${status}\n${stdout}${stderr}`);
  return stdout;
}
