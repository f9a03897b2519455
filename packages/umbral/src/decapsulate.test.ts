import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { codeOf, delegate, firstOf, fragmentsOf, makeParties } from '../test/parties.ts';
import { cfragChallenge } from './cfrag.ts';
import { Fn } from './curve.ts';
import { decapsulateOriginal } from './decapsulate-original.ts';
import { decapsulateReencrypted } from './decapsulate-reencrypted.ts';
import { encapsulate } from './encapsulate.ts';
import { generateSecretKey, publicKeyOf } from './keys.ts';
import { signedMessage } from './kfrag.ts';
import { U } from './parameters.ts';
import { reencrypt } from './reencrypt.ts';
import { sign } from './signer.ts';
import { verifyCFrag } from './verify-cfrag.ts';

const parties = makeParties();
const { delegatingKey, receivingSecret } = parties;
const { capsule, key } = encapsulate(delegatingKey);
const combinations = [1, 2, 3, 4, 5].flatMap((n) =>
  Array.from({ length: Math.min(n, 3) }, (_, i) => [i + 1, n] as const),
);
const openWith = (cfrags: Parameters<typeof decapsulateReencrypted>[3]) =>
  decapsulateReencrypted(receivingSecret, delegatingKey, capsule, cfrags);

describe('the owner', () => {
  it('opens his capsule, and nobody else does', () => {
    expect(decapsulateOriginal(parties.delegatingSecret, capsule)).toEqual(key);
    expect(decapsulateOriginal(generateSecretKey(), capsule)).not.toEqual(key);
  });
});

describe.each(combinations)('%i of %i', (threshold, shares) => {
  const cfrags = fragmentsOf(capsule, delegate(parties, threshold, shares), parties);

  it('opens with threshold fragments and with all', () => {
    expect(openWith(cfrags.slice(-threshold))).toEqual(key);
    expect(openWith(cfrags)).toEqual(key);
  });

  it('never opens with one less', () => {
    const code = codeOf(() => openWith(cfrags.slice(0, threshold - 1)));
    expect(code).toBe(threshold === 1 ? 'NOT_ENOUGH_FRAGMENTS' : 'DECRYPTION_FAILED');
  });
});

describe('the receiver', () => {
  const cfrags = fragmentsOf(capsule, delegate(parties, 3, 5), parties);

  it('opens with any fragments in any order, repeated or not, exactly if three are distinct', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...cfrags), { minLength: 1, maxLength: 7 }), (chosen) => {
        if (new Set(chosen).size >= 3) expect(openWith(chosen)).toEqual(key);
        else expect(codeOf(() => openWith(chosen))).toBe('DECRYPTION_FAILED');
      }),
      { numRuns: 40 },
    );
  });

  it('does not open with fragments of two delegations', () => {
    const others = fragmentsOf(capsule, delegate(parties, 3, 5), parties);
    expect(codeOf(() => openWith([...cfrags.slice(0, 2), ...others.slice(0, 1)]))).toBe('DECRYPTION_FAILED');
    expect(codeOf(() => openWith([...cfrags, ...others]))).toBe('DECRYPTION_FAILED');
  });

  it('does not open with fragments of another capsule among them', () => {
    const kfrags = delegate(parties, 2, 2);
    const other = encapsulate(delegatingKey).capsule;
    const mixed = [
      ...fragmentsOf(capsule, kfrags.slice(0, 1), parties),
      ...fragmentsOf(other, kfrags.slice(1), parties),
    ];
    expect(codeOf(() => openWith(mixed))).toBe('DECRYPTION_FAILED');
    expect(codeOf(() => openWith(fragmentsOf(other, kfrags, parties)))).toBe('DECRYPTION_FAILED');
  });

  it('does not open with the wrong receiving secret or delegating key', () => {
    const open = (secret = receivingSecret, from = delegatingKey) =>
      codeOf(() => decapsulateReencrypted(secret, from, capsule, cfrags));
    expect(open()).toBeUndefined();
    expect(open(generateSecretKey())).toBe('DECRYPTION_FAILED');
    expect(open(parties.delegatingSecret)).toBe('DECRYPTION_FAILED');
    expect(open(receivingSecret, publicKeyOf(generateSecretKey()))).toBe('DECRYPTION_FAILED');
  });
});

describe('verifyCFrag', () => {
  const strangers = makeParties();
  const kfrag = firstOf(delegate(parties, 1, 1));
  const cfrag = reencrypt(capsule, kfrag);

  it('accepts its own keys and capsule and refuses any other', () => {
    expect(verifyCFrag(cfrag, capsule, parties).verified).toBe(true);
    for (const name of ['verifyingKey', 'delegatingKey', 'receivingKey'] as const) {
      expect(codeOf(() => verifyCFrag(cfrag, capsule, { ...parties, [name]: strangers[name] }))).toBe('INVALID_CFRAG');
    }
    expect(codeOf(() => verifyCFrag(cfrag, encapsulate(delegatingKey).capsule, parties))).toBe('INVALID_CFRAG');
  });

  it('refuses a proxy that used another key than the signed one', () => {
    const cheated = reencrypt(capsule, { ...kfrag, key: kfrag.key + 1n });
    expect(codeOf(() => verifyCFrag(cheated, capsule, parties))).toBe('INVALID_CFRAG');
    const own = cheated.proof.commitment.add(cheated.proof.U2);
    const consistent = reencrypt(capsule, { ...kfrag, key: kfrag.key + 1n, commitment: own });
    expect(codeOf(() => verifyCFrag(consistent, capsule, parties))).toBe('INVALID_CFRAG');
  });

  it.each(['E1', 'V1', 'commitment'] as const)('refuses an honest proof around a false %s', (name) => {
    const { key: rk, precursor, id } = kfrag;
    const tau = 99n;
    const { E, V } = capsule;
    const points = {
      E1: E.multiply(rk),
      V1: V.multiply(rk),
      commitment: U.multiply(rk),
      E2: E.multiply(tau),
      V2: V.multiply(tau),
      U2: U.multiply(tau),
    };
    const prove = (shown: typeof points) => {
      const { E1, V1, ...nonces } = shown;
      const z = Fn.add(tau, Fn.mul(cfragChallenge(capsule, shown), rk));
      // Signed again, so that nothing but the false point can be refused.
      const signature = sign(parties.signer, signedMessage({ id, precursor, commitment: shown.commitment }, parties));
      return { E1, V1, id, precursor, proof: { ...nonces, z, signature } };
    };
    expect(codeOf(() => verifyCFrag(prove(points), capsule, parties))).toBeUndefined();
    const falsified = { ...points, [name]: points[name].double() };
    expect(codeOf(() => verifyCFrag(prove(falsified), capsule, parties))).toBe('INVALID_CFRAG');
  });
});
