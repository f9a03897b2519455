/**
 * Whether the time of a multiplication depends on its scalar: one fixed scalar against random ones, in random order,
 * Welch's t over the quickest 80 % (the fixed-against-random test of dudect). Beyond about 4.5 it depends; below, this
 * measurement has found nothing.
 *
 *   node --conditions=@medseal/source bench/scalar-timing.ts [samples of each class, default 30000]
 */
import { createRequire } from 'node:module';
import { loadavg } from 'node:os';
import { generateSecretKey, nobleBackend, publicKeyOf, secretKeyFromBytes, secretKeyToBytes } from '@medseal/umbral';
import { addonBackend } from '@medseal/umbral/native';

interface Addon {
  ecdh(point: Uint8Array, scalar: Uint8Array, options: object, output: Uint8Array): Uint8Array;
  publicKeyCreate(scalar: Uint8Array, compressed: boolean): Uint8Array;
  publicKeyTweakMul(point: Uint8Array, scalar: Uint8Array, compressed: boolean): Uint8Array;
}

const addon = createRequire(import.meta.url)('secp256k1/bindings.js') as Addon;
const samples = Number(process.argv[2] ?? 30_000);
const POOL = 4096;
const { point } = publicKeyOf(generateSecretKey());
const encoded = point.toBytes(false);
const output = new Uint8Array(1);
const coordinates = { hashfn: () => output, xbuf: new Uint8Array(32), ybuf: new Uint8Array(32) };

const random = (): Uint8Array => secretKeyToBytes(generateSecretKey());
const sparse = new Uint8Array(32);
sparse[0] = 0x40;
const dense = random();
const classes: Readonly<Record<string, () => Uint8Array>> = {
  'random (control)': random,
  'fixed, dense': () => Uint8Array.from(dense),
  'fixed, sparse': () => Uint8Array.from(sparse),
};

type Multiply = (scalar: { readonly bytes: Uint8Array; readonly value: bigint }) => unknown;
const operations: Readonly<Record<string, { readonly run: Multiply; readonly share: number }>> = {
  'ecdh of the addon': { run: ({ bytes }) => addon.ecdh(encoded, bytes, coordinates, output), share: 1 },
  'publicKeyCreate of the addon': { run: ({ bytes }) => addon.publicKeyCreate(bytes, false), share: 1 },
  'publicKeyTweakMul of the addon (public data only)': {
    run: ({ bytes }) => addon.publicKeyTweakMul(encoded, bytes, false),
    share: 1,
  },
  'addonBackend.multiply (masked)': { run: ({ value }) => addonBackend.multiply(point, value), share: 1 },
  'nobleBackend.multiply': { run: ({ value }) => nobleBackend.multiply(point, value), share: 0.1 },
};

function times(run: Multiply, make: () => Uint8Array, count: number): readonly [number[], number[]] {
  const pools = [make, random].map((one) =>
    Array.from({ length: POOL }, () => {
      const bytes = one();
      return { bytes, value: secretKeyFromBytes(bytes).scalar };
    }),
  );
  const taken: readonly [number[], number[]] = [[], []];
  const order = new Uint8Array(1);
  for (let i = 0; taken[0].length < count || taken[1].length < count; i++) {
    const which = (crypto.getRandomValues(order)[0] ?? 0) % 2 === 0 ? 0 : 1;
    const scalar = pools[which]?.[i % POOL];
    if (scalar === undefined) throw new Error('No scalar');
    const started = process.hrtime.bigint();
    run(scalar);
    const passed = Number(process.hrtime.bigint() - started);
    if (i >= count / 10) taken[which].push(passed);
  }
  return taken;
}

function meanAndError(values: readonly number[]): readonly [mean: number, squaredError: number] {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return [mean, squares / (values.length - 1) / values.length];
}

console.log(`${samples} of each class (noble: a tenth), load ${loadavg()[0]}; nanoseconds\n`);
console.log('| Multiplication | Scalar | its mean | random | difference | t |\n|---|---|--:|--:|--:|--:|');
for (const [operation, { run, share }] of Object.entries(operations))
  for (const [name, make] of Object.entries(classes)) {
    const taken = times(run, make, samples * share);
    const cut = taken.flat().toSorted((a, b) => a - b)[Math.floor((taken[0].length + taken[1].length) * 0.8)] ?? 0;
    const [[mean, error], [other, otherError]] = [taken[0], taken[1]].map((all) =>
      meanAndError(all.filter((value) => value < cut)),
    ) as [readonly [number, number], readonly [number, number]];
    const t = (mean - other) / Math.sqrt(error + otherError);
    const cells = [mean, other, mean - other].map((value) => value.toFixed(0));
    console.log(`| ${operation} | ${name} | ${cells.join(' | ')} | ${t.toFixed(1)} |`);
  }
