import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { afterAll, describe, expect, it, test } from 'vitest';
import { checkConfig, type NetworkConfig } from '../../packages/core/src/index.ts';
import { repository } from './repository.ts';

const pagePath = join(repository, 'docs/configuration.md');
const schemaPath = join(repository, 'packages/core/config.schema.json');
const page = readFileSync(pagePath, 'utf8');
const schema = readFileSync(schemaPath, 'utf8');
const folder = mkdtempSync(join(tmpdir(), 'medseal-config-docs-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const adapters = {
  local: () => import('../../packages/adapter-local/src/index.ts'),
  ethereum: () => import('../../packages/adapter-ethereum/src/index.ts'),
  fabric: () => import('../../packages/adapter-fabric/src/index.ts'),
};
const exampleFolder = join(repository, 'examples/config');
const names = readdirSync(exampleFolder).filter((file) => file.endsWith('.json'));
const read = (file: string): NetworkConfig =>
  JSON.parse(readFileSync(join(exampleFolder, file), 'utf8')) as NetworkConfig;

const validate = new Ajv({ strict: true, strictTypes: false, strictRequired: false }).compile(
  JSON.parse(schema) as object,
);

function generate(...options: readonly string[]): void {
  const script = join(repository, 'tools/generate-config-docs.ts');
  execFileSync(process.execPath, ['--conditions=@medseal/source', script, ...options], { stdio: 'pipe' });
}

test('docs/configuration.md and config.schema.json say what the fields say', () => {
  expect(() => {
    generate('--check');
  }).not.toThrow();
});

test('a page or a schema that drifted is found, and made good', () => {
  const copies = [join(folder, 'page.md'), join(folder, 'schema.json')] as const;
  const drifts: readonly (readonly [string, string])[] = [
    [page.replace('| `maxBatch` | whole number from 1 on | `256` |', '| `maxBatch` | number | `255` |'), schema],
    [page, schema.replace('"default": 256', '"default": 255')],
  ];
  for (const [index, drifted] of drifts.entries()) {
    expect(drifted[index]).not.toBe([page, schema][index]);
    copies.forEach((path, at) => writeFileSync(path, drifted[at] ?? ''));
    expect(() => {
      generate('--check', ...copies);
    }).toThrow(/not what the fields say/);
    generate(...copies);
    expect(copies.map((path) => readFileSync(path, 'utf8'))).toEqual([page, schema]);
  }
});

describe('the examples', () => {
  it('are those on the page', () => {
    for (const name of names) expect(page).toContain(readFileSync(join(exampleFolder, name), 'utf8'));
    expect(names).toEqual(['ethereum.json', 'fabric.json', 'local.json', 'memory.json', 'mirrored.json']);
  });

  it.each(names)('%s is right, by the library and by the JSON Schema', async (name) => {
    const config = read(name);
    const effective = await checkConfig(config, { adapters });
    expect(effective.ledger.use).toBe(config.ledger.use);
    expect(validate(config), JSON.stringify(validate.errors)).toBe(true);
    // What defaults were filled in is right too.
    expect(validate(effective), JSON.stringify(validate.errors)).toBe(true);
  });

  it('swap the ledger by one section', () => {
    const { ledger, ...rest } = read('local.json');
    for (const name of ['ethereum.json', 'fabric.json']) {
      const { ledger: other, ...same } = read(name);
      expect(same).toEqual(rest);
      expect(other.use).not.toBe(ledger.use);
    }
  });
});

describe('the JSON Schema', () => {
  const right = read('local.json');
  const memory = { use: 'memory' };

  it.each<readonly [string, object]>([
    ['a misspelt field', { ledger: { ...right.ledger, pth: 'x' } }],
    ['a field that is missing', { ledger: { use: 'local' } }],
    ['a literal for a secret', { keys: { ...right.keys, passphrase: 'hunter2' } }],
    ['a field of another adapter', { store: { use: 'memory', directory: './x' } }],
    ['another kind of value', { threshold: '2' }],
    ['an unknown section', { stores: memory }],
    ['a wrong copy of a mirror', { store: { use: 'mirror', copies: { one: { use: 'local' } }, state: memory } }],
  ])('refuses %s, as the library does', async (_, changes) => {
    const wrong = { ...right, ...changes } as NetworkConfig;
    expect(validate(wrong)).toBe(false);
    await expect(checkConfig(wrong, { adapters })).rejects.toMatchObject({ code: 'INVALID_CONFIG' });
  });

  it('lets adapters of others be', () => {
    expect(validate({ ...right, store: { use: 'vault', url: 'https://vault.example' } })).toBe(true);
  });
});
