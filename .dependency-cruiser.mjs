import { globSync, readFileSync } from 'node:fs';

/**
 * Imports point one way. `pnpm run deps` checks it; tools/test/dependency-rules.test.ts proves that each rule bites.
 * Type-only imports count too: a layer that needs the types of another depends on it.
 */

/** What ships: tests, and the tools that generate code, may import more. */
const notShipped = String.raw`\.test\.ts$|\.test-d\.ts$|/test/|^packages/[^/]+/tools/|\.config\.ts$`;
const inPackages = (names) => `^packages/(${names})/`;

const rule = (name, comment, from, to) => ({ name, comment, severity: 'error', from, to });

/** The sources behind the `exports` of all packages. */
const entryPoints = globSync('{packages,tools}/*/package.json').flatMap((path) => {
  const { exports = {} } = JSON.parse(readFileSync(path, 'utf8'));
  return Object.values(exports).map((conditions) =>
    path.replace('package.json', conditions['@medseal/source'].slice(2)),
  );
});

/** A layer of core, and what it may import of core. */
const layer = (name, own, below) =>
  rule(
    `core-layer-${name}`,
    `core/src/${own} may import of core only itself and ${below || 'nothing'}.`,
    { path: `^packages/core/src/(${own})/`, pathNot: notShipped },
    { path: '^packages/core/src/', pathNot: `^packages/core/src/(${[own, below].filter(Boolean).join('|')})/` },
  );

const parts = 'seal|recipients|keys|committee|view|memory|mirror|tlog|browser';

export default {
  forbidden: [
    rule('no-circular', 'A cycle is one module in disguise.', {}, { circular: true }),
    rule('no-unresolvable', 'An import that cannot be found.', {}, { couldNotResolve: true }),
    rule(
      'entry-points-only',
      'A package is imported through its exports, never by a path into it.',
      { path: '^(packages|tools|examples)/([^/]+)/' },
      {
        path: '^(packages|tools|examples)/',
        pathNot: ['^$1/$2/', ...entryPoints.map((path) => `^${path.replaceAll('.', String.raw`\.`)}$`)],
      },
    ),
    rule(
      'protocol-alone',
      'protocol holds the rules; the chaincode and every reader run it, so it drags nothing in.',
      { path: inPackages('protocol'), pathNot: notShipped },
      { path: '^(packages|tools|examples)/', pathNot: inPackages('protocol') },
    ),
    rule(
      'umbral-alone',
      'umbral is usable without the rest.',
      { path: inPackages('umbral'), pathNot: notShipped },
      { path: '^(packages|tools|examples)/', pathNot: inPackages('umbral') },
    ),
    rule(
      'core-on-protocol-and-umbral',
      'core knows no adapter.',
      { path: inPackages('core'), pathNot: notShipped },
      { path: '^(packages|tools|examples)/', pathNot: inPackages('core|protocol|umbral') },
    ),
    rule(
      'adapter-on-core-adapter',
      'An adapter imports @medseal/core/adapter, @medseal/core/tlog and @medseal/protocol: not the whole of core, and no other adapter.',
      { path: '^packages/(adapter-[^/]+)/', pathNot: notShipped },
      {
        path: '^(packages|tools|examples)/',
        pathNot: ['^packages/$1/', String.raw`^packages/core/src/(adapter|tlog)\.ts$`, inPackages('protocol')],
      },
    ),
    rule(
      'chaincode-on-protocol',
      'The chaincode runs on the peers: it imports @medseal/protocol, fabric-shim and Node, nothing else.',
      { path: '^packages/adapter-fabric/(src/)?chaincode/', pathNot: notShipped },
      {
        pathNot: [
          '^packages/adapter-fabric/(src/)?chaincode/',
          inPackages('protocol'),
          '(^|/)node_modules/fabric-shim',
        ],
        dependencyTypesNot: ['core'],
      },
    ),
    rule(
      'conformance-on-core',
      'The suites are written against the ports alone.',
      { path: inPackages('conformance'), pathNot: notShipped },
      { path: '^(packages|tools|examples)/', pathNot: inPackages('conformance|core|protocol|umbral') },
    ),
    rule(
      'nothing-on-tools',
      'tools/ and examples/ are not published, so what ships imports neither.',
      { path: '^packages/', pathNot: notShipped },
      { path: '^(tools|examples)/' },
    ),
    layer('lib', 'lib', 'errors'),
    // An error may carry what a port defines, such as a receipt; no-circular keeps the two apart file by file.
    layer('errors', 'errors', 'lib|ports'),
    layer('ports', 'ports', 'lib|errors'),
    layer('parts', parts, 'lib|errors|ports'),
    layer('actor', 'actor', `lib|errors|ports|${parts}`),
    layer('services', 'services', `lib|errors|ports|${parts}|actor`),
    layer('phases', 'phases', `lib|errors|ports|${parts}|actor|services`),
    layer('network', 'network', `lib|errors|ports|${parts}|actor|services|phases`),
    rule(
      'phases-apart',
      'A phase never imports another: what two of them need lies below.',
      { path: '^packages/core/src/phases/([^/]+)/', pathNot: notShipped },
      { path: '^packages/core/src/phases/', pathNot: '^packages/core/src/phases/$1/' },
    ),
    rule(
      'browser-safe',
      'protocol, umbral and core run in a patient’s browser.',
      { path: inPackages('protocol|umbral|core'), pathNot: notShipped },
      { dependencyTypes: ['core'] },
    ),
    rule(
      'declared-dependencies',
      'What ships imports only what its package.json declares as a dependency or peer.',
      { path: '^packages/[^/]+/', pathNot: notShipped },
      {
        dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown', 'npm-bundled', 'deprecated'],
        dependencyTypesNot: ['npm-peer'],
      },
    ),
    rule(
      'tests-not-shipped',
      'What ships imports no test.',
      { path: '^packages/[^/]+/', pathNot: notShipped },
      { path: String.raw`\.test\.ts$|^packages/[^/]+/test/` },
    ),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    // tools/test/fixtures holds programs that run where the packages are installed.
    exclude: { path: String.raw`^(packages|tools|examples)/[^/]+/dist/|^\.cache/|^tools/test/fixtures/` },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['@medseal/source', 'types', 'import', 'node', 'default'],
      extensions: ['.ts', '.mts', '.js', '.mjs', '.cjs', '.d.ts', '.json', '.node'],
      mainFields: ['types', 'module', 'main'],
    },
  },
};
