import { describe, expect, it } from 'vitest';
import { codeOf, delegate, firstOf, fragmentsOf, makeParties } from '../test/parties.ts';
import type { Capsule } from './capsule.ts';
import { encapsulate } from './encapsulate.ts';
import { encrypt } from './encrypt.ts';
import { receiverOf } from './receiver.ts';
import { reencrypt } from './reencrypt.ts';

const parties = makeParties();
const { delegatingKey } = parties;
const kfrags = delegate(parties, 2, 3);
const made = [1, 2, 3].map(() => encapsulate(delegatingKey));
const { capsule, key } = firstOf(made);

describe('a receiver', () => {
  it('opens capsule after capsule, with any fragments, in any order', () => {
    const receiver = receiverOf(parties);
    for (const one of made) {
      const [a, b, c] = kfrags.map((kfrag) => receiver.verifyCFrag(reencrypt(one.capsule, kfrag), one.capsule));
      if (a === undefined || b === undefined || c === undefined) throw new Error('three fragments expected');
      for (const chosen of [
        [a, b],
        [b, a],
        [c, a],
        [a, b, c],
        [a, a, c],
      ]) {
        expect(receiver.decapsulate(one.capsule, chosen)).toEqual(one.key);
      }
      expect(codeOf(() => receiver.decapsulate(one.capsule, [b, b]))).toBe('DECRYPTION_FAILED');
      expect(codeOf(() => receiver.decapsulate(one.capsule, []))).toBe('NOT_ENOUGH_FRAGMENTS');
    }
  });

  it('goes from one delegation to another and back', () => {
    const receiver = receiverOf(parties);
    const [ours, others] = [kfrags, delegate(parties, 1, 1)].map((from) => fragmentsOf(capsule, from, parties));
    if (ours === undefined || others === undefined) throw new Error('two delegations expected');
    for (const chosen of [ours, others, ours]) expect(receiver.decapsulate(capsule, chosen)).toEqual(key);
    expect(codeOf(() => receiver.decapsulate(capsule, [...others, ...ours]))).toBe('DECRYPTION_FAILED');
    expect(receiver.decapsulate(capsule, ours)).toEqual(key);
  });

  it('decrypts', () => {
    const receiver = receiverOf(parties);
    const sealed = encrypt(delegatingKey, Uint8Array.of(4, 5));
    const cfrags = fragmentsOf(sealed.capsule, kfrags, parties);
    const open = (of: Capsule, bytes: Uint8Array) => receiver.decrypt(of, cfrags, bytes);
    expect(open(sealed.capsule, sealed.ciphertext)).toEqual(Uint8Array.of(4, 5));
    expect(codeOf(() => open(sealed.capsule, sealed.ciphertext.subarray(1)))).toBe('DECRYPTION_FAILED');
    expect(codeOf(() => open(capsule, sealed.ciphertext))).toBe('DECRYPTION_FAILED');
  });

  it('opens nothing with the keys of somebody else', () => {
    const strangers = makeParties();
    const cfrags = fragmentsOf(capsule, kfrags, parties);
    for (const name of ['receivingSecret', 'delegatingKey'] as const) {
      const receiver = receiverOf({ ...parties, [name]: strangers[name] });
      expect(codeOf(() => receiver.decapsulate(capsule, cfrags))).toBe('DECRYPTION_FAILED');
    }
  });
});

describe('a signature that a receiver has seen', () => {
  const receiver = receiverOf(parties);
  const cfrag = reencrypt(capsule, firstOf(kfrags));
  const other = reencrypt(capsule, firstOf(kfrags.slice(1)));
  receiver.verifyCFrag(cfrag, capsule);
  receiver.verifyCFrag(other, capsule);
  const outcome = (shown: typeof cfrag) => codeOf(() => receiver.verifyCFrag(shown, capsule));

  it('still stands for its own fragment only', () => {
    expect(outcome(cfrag)).toBeUndefined();
    for (const name of ['id', 'precursor'] as const) {
      const stranger = name === 'id' ? other.id : capsule.E;
      expect(outcome({ ...cfrag, [name]: stranger })).toBe('INVALID_CFRAG');
    }
    const { signature, commitment } = other.proof;
    expect(outcome({ ...cfrag, proof: { ...cfrag.proof, signature } })).toBe('INVALID_CFRAG');
    expect(outcome({ ...cfrag, proof: { ...cfrag.proof, commitment } })).toBe('INVALID_CFRAG');
    expect(outcome({ ...cfrag, proof: { ...cfrag.proof, signature, commitment } })).toBe('INVALID_CFRAG');
  });

  it('does not spare the proof', () => {
    for (const name of ['E1', 'V1'] as const) expect(outcome({ ...cfrag, [name]: other[name] })).toBe('INVALID_CFRAG');
    expect(outcome({ ...cfrag, proof: { ...cfrag.proof, z: cfrag.proof.z + 1n } })).toBe('INVALID_CFRAG');
    expect(codeOf(() => receiver.verifyCFrag(cfrag, encapsulate(delegatingKey).capsule))).toBe('INVALID_CFRAG');
  });
});
