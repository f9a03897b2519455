/**
 * Ten thousand mutants of each object, seeded: none passes, and each fails with the error that a second, separate
 * reading of the layout predicts. The addon makes this a matter of seconds; noble sees the first of the same mutants.
 */
import { beforeAll, describe, expect, it } from 'vitest';
import * as umbral from '../src/index.ts';
import { addonBackend } from '../src/native.ts';
import { isCanonical, layouts, readField } from './layout.ts';
import { mutantsOf, mutations, type Part } from './mutate.ts';
import { codeOf, delegate, firstOf, fragmentsOf, makeParties } from './parties.ts';

const parties = makeParties();
const kfrags = delegate(parties, 2, 3);
const kfrag = firstOf(kfrags);
const [sealed, another] = [1, 2].map((fill) =>
  umbral.encrypt(parties.delegatingKey, new Uint8Array(32).fill(fill)),
) as [umbral.Encryption, umbral.Encryption];
const { capsule, ciphertext } = sealed;
const cfragsOf = (of: umbral.Capsule, from: readonly umbral.VerifiedKFrag[]): Uint8Array[] =>
  from.map((one) => umbral.cfragToBytes(umbral.reencrypt(of, one)));

const U = readField(umbral.kfragToBytes(kfrag), layouts.kfrag, 'U');
/** The generator is compared before what follows it is read. */
function bringsAnotherU(bytes: Uint8Array): boolean {
  const head = [...layouts.kfrag.framing].filter(([at]) => at < 4).every(([at, byte]) => bytes[at] === byte);
  return head && bytes.length >= 37 && !bytes.subarray(4, 37).every((byte, i) => byte === U[i]);
}

const receiver = umbral.receiverOf(parties);
const cfrags = fragmentsOf(capsule, kfrags.slice(0, 2), parties);
const envelope: readonly Part[] = [
  { at: 0, length: 24 },
  { at: 24, length: 16 },
  { at: 40, length: 16 },
  { at: 56, length: 16 },
];

interface Target {
  readonly name: string;
  readonly original: Uint8Array;
  /** Other valid objects, from which parts are taken. */
  readonly others: readonly Uint8Array[];
  readonly parts: readonly Part[];
  readonly use: (bytes: Uint8Array) => unknown;
  readonly expected: (bytes: Uint8Array) => umbral.UmbralErrorCode;
  /** One in how many of the mutants is tried. */
  readonly oneIn?: number;
}

function target(
  name: keyof typeof layouts,
  [original, ...others]: readonly [Uint8Array, ...Uint8Array[]],
  use: Target['use'],
  invalid: umbral.UmbralErrorCode,
): Target {
  const layout = layouts[name];
  const expected = (bytes: Uint8Array): umbral.UmbralErrorCode =>
    isCanonical(bytes, layout, original) || (name === 'kfrag' && bringsAnotherU(bytes)) ? invalid : 'MALFORMED';
  return { name, original, others, parts: layout.fields, use, expected };
}

const targets: readonly Target[] = [
  target(
    'capsule',
    [umbral.capsuleToBytes(capsule), umbral.capsuleToBytes(another.capsule)],
    umbral.capsuleFromBytes,
    'INVALID_CAPSULE',
  ),
  target(
    'kfrag',
    kfrags.concat(delegate(parties, 1, 1)).map(umbral.kfragToBytes) as [Uint8Array, ...Uint8Array[]],
    (bytes) => umbral.verifyKFrag(umbral.kfragFromBytes(bytes), parties),
    'INVALID_KFRAG',
  ),
  target(
    'cfrag',
    [...cfragsOf(capsule, kfrags), ...cfragsOf(another.capsule, [kfrag])] as [Uint8Array, ...Uint8Array[]],
    (bytes) => umbral.verifyCFrag(umbral.cfragFromBytes(bytes), capsule, parties),
    'INVALID_CFRAG',
  ),
  {
    name: 'ciphertext, for the owner',
    original: ciphertext,
    others: [another.ciphertext],
    parts: envelope,
    use: (bytes) => umbral.decryptOriginal(parties.delegatingSecret, capsule, bytes),
    expected: () => 'DECRYPTION_FAILED',
  },
  {
    name: 'ciphertext, for the receiver (a fifth of them)',
    original: ciphertext,
    others: [another.ciphertext],
    parts: envelope,
    oneIn: 5,
    use: (bytes) => receiver.decrypt(capsule, cfrags, bytes),
    expected: () => 'DECRYPTION_FAILED',
  },
];

const runs = [
  { backend: addonBackend, count: 10_000 },
  { backend: umbral.nobleBackend, count: 250 },
];

describe.each(runs)('with $backend.name, $count mutants', ({ backend, count }) => {
  beforeAll(() => umbral.useBackend(backend));

  it.each(targets)('of a $name never pass', ({ original, others, parts, use, expected, oneIn = 1 }) => {
    expect(codeOf(() => use(original))).toBeUndefined();
    const kinds = new Set<string>();
    const wrong: string[] = [];
    for (const { kind, bytes } of mutantsOf(original, others, parts, { count: count / oneIn, seed: 20_261 })) {
      const code = codeOf(() => use(bytes));
      if (code !== expected(bytes)) wrong.push(`${kind}: ${code}, not ${expected(bytes)}`);
      kinds.add(kind);
    }
    expect(wrong).toEqual([]);
    expect(kinds).toEqual(new Set(Object.keys(mutations)));
  });
});
