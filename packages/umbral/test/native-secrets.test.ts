/** What the addon is given to see: secret scalars masked, and never where time depends on them by design. */
import { bytesToHex, numberToBytesBE } from '@noble/curves/utils.js';
import bindings from 'secp256k1/bindings.js';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { U } from '../src/parameters.ts';
import * as umbral from '../src/index.ts';
import { addonBackend } from '../src/native.ts';
import { delegate, fragmentsOf, makeParties } from './parties.ts';

const ecdh = vi.spyOn(bindings, 'ecdh');
const tweakMul = vi.spyOn(bindings, 'publicKeyTweakMul');
const scalarsOf = (spy: typeof ecdh | typeof tweakMul): string[] =>
  spy.mock.calls.map(([, scalar]) => bytesToHex(scalar));
const hex = (scalar: bigint): string => bytesToHex(numberToBytesBE(scalar, 32));

beforeEach(() => umbral.useBackend(addonBackend));
afterEach(() => vi.clearAllMocks());

it('shows ecdh no secret scalar, and nothing twice', () => {
  const secret = umbral.generateSecretKey().scalar;
  for (let round = 0; round < 10; round++) {
    addonBackend.multiply(U, secret);
    addonBackend.multiplyPair(U, secret, 5n);
  }
  const seen = scalarsOf(ecdh);
  expect(seen).toHaveLength(50);
  expect(new Set(seen).size).toBe(50);
  expect(seen).not.toContain(hex(secret));
});

it('shows neither function any secret of a whole exchange', () => {
  const parties = makeParties();
  const { capsule, key } = umbral.encapsulate(parties.delegatingKey, { context: Uint8Array.of(1) });
  const kfrags = delegate(parties, 2, 3);
  for (const kfrag of kfrags) umbral.verifyKFrag(kfrag, parties);
  const cfrags = fragmentsOf(capsule, kfrags, parties);
  const opened = umbral.decapsulateReencrypted(parties.receivingSecret, parties.delegatingKey, capsule, cfrags);
  expect(opened).toEqual(key);
  expect(umbral.decapsulateOriginal(parties.delegatingSecret, capsule)).toEqual(key);

  const holders = [parties.delegatingSecret, parties.receivingSecret, parties.signer];
  const secrets = [...holders.map(({ scalar }) => scalar), ...kfrags.map((kfrag) => kfrag.key)].map(hex);
  const seen = [...scalarsOf(ecdh), ...scalarsOf(tweakMul)];
  expect(seen.length).toBeGreaterThan(30);
  expect(seen.filter((scalar) => secrets.includes(scalar))).toEqual([]);
});
