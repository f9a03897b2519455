import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { binary, repository } from './repository.ts';

/** Files of a small tree in the shape of this repository. Every import in it is allowed. */
const good: Readonly<Record<string, string>> = {
  'packages/protocol/src/index.ts': `import '@noble/hashes'; import './machine.ts'; export type Hex = string;`,
  'packages/protocol/src/machine.ts': '',
  'packages/umbral/src/index.ts': '',
  'packages/umbral/src/b.ts': `import './a.ts';`,
  'packages/umbral/src/a.ts': '',
  'packages/core/src/index.ts': `import './adapter.ts'; import './network/open.ts'; import '@medseal/protocol'; import '@medseal/umbral';`,
  'packages/core/src/adapter.ts': `import './ports/ledger.ts'; import './errors/refused.ts';`,
  'packages/core/src/lib/bytes.ts': '',
  'packages/core/src/errors/refused.ts': `import type { Receipt } from '../ports/ledger.ts'; export type R = Receipt;`,
  'packages/core/src/ports/ledger.ts': 'export interface Receipt { id: string }',
  'packages/core/src/view/view.ts': `import '../ports/ledger.ts'; import '../seal/seal.ts';`,
  'packages/core/src/seal/seal.ts': `import '../lib/bytes.ts';`,
  'packages/core/src/services/proxy.ts': `import '../view/view.ts';`,
  'packages/core/src/phases/storage/seal.ts': `import './parts.ts'; import '../../seal/seal.ts';`,
  'packages/core/src/phases/storage/parts.ts': '',
  'packages/core/src/phases/sharing/grant.ts': `import '../../view/view.ts';`,
  'packages/core/src/network/open.ts': `import '../phases/sharing/grant.ts'; import '../services/proxy.ts';`,
  'packages/core/src/seal/seal.test.ts': `import 'node:fs'; import 'fast-check'; import '../network/open.ts';`,
  'packages/conformance/src/index.ts': `import '@medseal/core'; import '@medseal/protocol'; import 'vitest';`,
  'packages/adapter-fabric/src/index.ts': `import '@medseal/core/adapter'; import '@medseal/protocol'; import 'node:fs';`,
  'packages/adapter-fabric/chaincode/main.ts': `import '@medseal/protocol'; import 'fabric-shim'; import 'node:process'; import './part.ts';`,
  'packages/adapter-fabric/chaincode/part.ts': '',
  'packages/adapter-fabric/src/index.test.ts': `import '@medseal/conformance'; import '@medseal/devnet'; import '@medseal/core';`,
  'packages/adapter-ethereum/src/index.ts': '',
  'tools/devnet/src/index.ts': '',
  'examples/telehealth/main.ts': `import '@medseal/core'; import '@medseal/adapter-fabric'; import '@medseal/devnet';`,
};

/** One file each that breaks exactly one rule. */
const bad: readonly (readonly [rule: string, file: string, source: string])[] = [
  // The other half of this cycle stands among the good files.
  ['no-circular', 'packages/umbral/src/a.ts', `import './b.ts';`],
  ['no-unresolvable', 'packages/umbral/src/typo.ts', `import './tpyo.ts';`],
  ['entry-points-only', 'packages/core/src/deep.ts', `import '../../protocol/src/machine.ts';`],
  [
    'protocol-alone',
    'packages/protocol/src/x-core.ts',
    `import type { Receipt } from '@medseal/core'; export type R = Receipt;`,
  ],
  ['umbral-alone', 'packages/umbral/src/x-protocol.ts', `import '@medseal/protocol';`],
  ['core-on-protocol-and-umbral', 'packages/core/src/x-adapter.ts', `import '@medseal/adapter-fabric';`],
  [
    'adapter-on-core-adapter',
    'packages/adapter-ethereum/src/x-core.ts',
    `import type { Receipt } from '@medseal/core'; export type R = Receipt;`,
  ],
  ['adapter-on-core-adapter', 'packages/adapter-ethereum/src/x-other.ts', `import '@medseal/adapter-fabric';`],
  ['chaincode-on-protocol', 'packages/adapter-fabric/chaincode/x-core.ts', `import '@medseal/core/adapter';`],
  ['chaincode-on-protocol', 'packages/adapter-fabric/chaincode/x-grpc.ts', `import '@grpc/grpc-js';`],
  ['conformance-on-core', 'packages/conformance/src/x-adapter.ts', `import '@medseal/adapter-fabric';`],
  ['nothing-on-tools', 'packages/fhir/src/x-tools.ts', `import '@medseal/devnet';`],
  ['core-layer-lib', 'packages/core/src/lib/x.ts', `import '../ports/ledger.ts';`],
  ['core-layer-errors', 'packages/core/src/errors/x.ts', `import '../view/view.ts';`],
  ['core-layer-ports', 'packages/core/src/ports/x.ts', `import type { V } from '../view/view.ts'; export type W = V;`],
  ['core-layer-parts', 'packages/core/src/memory/x.ts', `import '../services/proxy.ts';`],
  ['core-layer-actor', 'packages/core/src/actor/x.ts', `import '../services/proxy.ts';`],
  ['core-layer-services', 'packages/core/src/services/x.ts', `import '../phases/storage/parts.ts';`],
  ['core-layer-phases', 'packages/core/src/phases/storage/x.ts', `import '../../network/open.ts';`],
  ['core-layer-network', 'packages/core/src/network/x.ts', `import '../adapter.ts';`],
  ['phases-apart', 'packages/core/src/phases/audit/x.ts', `import '../storage/parts.ts';`],
  ['browser-safe', 'packages/protocol/src/x-node.ts', `import 'node:crypto';`],
  ['browser-safe', 'packages/umbral/src/x-node.ts', `import type { Buffer } from 'buffer'; export type B = Buffer;`],
  ['browser-safe', 'packages/core/src/x-node.ts', `import 'node:fs';`],
  ['declared-dependencies', 'packages/core/src/x-dev.ts', `import 'fast-check';`],
  ['declared-dependencies', 'packages/adapter-ethereum/src/x-undeclared.ts', `import 'fabric-shim';`],
  ['tests-not-shipped', 'packages/umbral/src/x-test.ts', `import '../test/parties.ts';`],
];

const manifests: Readonly<Record<string, object>> = {
  'packages/protocol': { dependencies: { '@noble/hashes': '*' } },
  'packages/umbral': {},
  'packages/core': { devDependencies: { 'fast-check': '*' } },
  'packages/conformance': { devDependencies: { vitest: '*' }, peerDependencies: { vitest: '*' } },
  'packages/adapter-fabric': { dependencies: { 'fabric-shim': '*', '@grpc/grpc-js': '*' } },
  'packages/adapter-ethereum': {},
  'packages/fhir': {},
  'tools/devnet': {},
};

interface Cruise {
  readonly summary: {
    readonly violations: readonly { readonly from: string; readonly rule: { readonly name: string } }[];
  };
}

let folder: string;
const write = (path: string, content: string): void => {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), content);
};

function cruise(): readonly string[] {
  const config = join(repository, '.dependency-cruiser.mjs');
  // The exit code is the number of violations; the report stands on standard output either way.
  const script = [
    '-c',
    '"$@" || true',
    'sh',
    binary('depcruise'),
    '--config',
    config,
    '-T',
    'json',
    'packages',
    'tools',
    'examples',
  ];
  const report = JSON.parse(execFileSync('sh', script, { cwd: folder, encoding: 'utf8' })) as Cruise;
  return report.summary.violations.map(({ rule, from }) => `${rule.name}: ${from}`);
}

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'medseal-rules-'));
  for (const [path, manifest] of Object.entries(manifests)) {
    const name = `@medseal/${path.slice(path.indexOf('/') + 1)}`;
    const source = (file: string): object => ({ '@medseal/source': `./src/${file}.ts` });
    const exports = { '.': source('index'), './adapter': source('adapter') };
    write(`${path}/package.json`, JSON.stringify({ name, type: 'module', exports, ...manifest }));
    mkdirSync(join(folder, 'node_modules/@medseal'), { recursive: true });
    symlinkSync(join(folder, path), join(folder, 'node_modules', name));
  }
  for (const name of ['@noble/hashes', '@grpc/grpc-js', 'fabric-shim', 'fast-check', 'vitest']) {
    write(`node_modules/${name}/package.json`, JSON.stringify({ name, main: 'index.js' }));
    write(`node_modules/${name}/index.js`, '');
  }
  write('package.json', JSON.stringify({ name: 'fixture', private: true, devDependencies: { vitest: '*' } }));
  write('packages/umbral/test/parties.ts', '');
  for (const [path, content] of Object.entries(good)) write(path, content);
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the dependency rules', () => {
  it('pass a tree in which every import points the right way', () => {
    expect(cruise()).toEqual([]);
  });

  it('catch each planted import, by the rule that stands for it', () => {
    for (const [, path, source] of bad) write(path, source);
    const expected = bad.map(([rule, path]) => `${rule}: ${path}`);
    expect(cruise().toSorted()).toEqual(expected.toSorted());
  });

  it('have a planted import each', async () => {
    const config = (await import(join(repository, '.dependency-cruiser.mjs'))) as {
      default: { forbidden: readonly { name: string }[] };
    };
    const names = config.default.forbidden.map(({ name }) => name);
    expect(new Set(bad.map(([rule]) => rule))).toEqual(new Set(names));
  });
});
