import { hexToBytes } from '@noble/curves/utils.js';
import { describe, expect, it } from 'vitest';
import * as umbral from '../src/index.ts';
import { medseal } from './contender.ts';
import { type Honest, submit } from './hostile-forms.ts';
import { codeOf, firstOf } from './parties.ts';
import { type Exchange, type PeerVectors, type ProvenCapsule, readVectors } from './vectors.ts';

const files = ['umbral-pre-0.10.0.json', 'nucypher-core-0.14.5.json'].map((name) => readVectors(name) as PeerVectors);

function honestOf(exchange: Exchange): Honest {
  return {
    keys: {
      delegatingKey: hexToBytes(exchange.delegatingKey),
      receivingKey: hexToBytes(exchange.receivingKey),
      receivingSecret: hexToBytes(exchange.receivingSecret),
      verifyingKey: hexToBytes(exchange.verifyingKey),
    },
    sealed: { capsule: hexToBytes(exchange.capsule), ciphertext: hexToBytes(exchange.ciphertext) },
    kfrag: hexToBytes(firstOf(exchange.kfrags)),
    cfrag: hexToBytes(firstOf(exchange.cfrags)),
  };
}

describe.each(files)('vectors of $madeBy', ({ exchanges, negative }) => {
  it('are there', () => {
    expect(exchanges.length).toBeGreaterThanOrEqual(5);
    expect(negative.length).toBeGreaterThanOrEqual(30);
  });

  it.each(exchanges)('$threshold of $shares: opens what it once wrote', (v) => {
    const { keys, sealed } = honestOf(v);
    const [kfrags, cfrags] = [v.kfrags.map(hexToBytes), v.cfrags.map(hexToBytes)];
    const plaintext = hexToBytes(v.plaintext);
    const signed = {
      verifyingKey: keys.verifyingKey,
      delegatingKey: v.signDelegatingKey ? keys.delegatingKey : undefined,
      receivingKey: v.signReceivingKey ? keys.receivingKey : undefined,
    };
    expect(kfrags).toHaveLength(v.shares);
    expect(medseal.publicKeyOf(hexToBytes(v.delegatingSecret))).toEqual(keys.delegatingKey);
    expect(medseal.publicKeyOf(keys.receivingSecret)).toEqual(keys.receivingKey);
    expect(medseal.simpleCapsule(sealed.capsule)).toEqual(hexToBytes(v.capsuleSimple));
    expect(medseal.openOriginal(hexToBytes(v.delegatingSecret), sealed)).toEqual(plaintext);
    expect(medseal.open(keys, sealed, cfrags.slice(0, v.threshold))).toEqual(plaintext);
    const answers = kfrags.slice(-v.threshold).map((kfrag) => medseal.reencrypt(sealed.capsule, kfrag, signed));
    expect(medseal.open(keys, sealed, answers)).toEqual(plaintext);
    const code = v.threshold === 1 ? 'NOT_ENOUGH_FRAGMENTS' : 'DECRYPTION_FAILED';
    expect(codeOf(() => medseal.open(keys, sealed, cfrags.slice(0, v.threshold - 1)))).toBe(code);
    for (const kfrag of kfrags) expect(medseal.copyKFrag(kfrag)).toEqual(kfrag);
    for (const cfrag of cfrags) expect(medseal.copyCFrag(cfrag)).toEqual(cfrag);
  });

  it.each(negative)('$object, $name: $code', ({ object, bytes, code }) => {
    const honest = honestOf(firstOf(exchanges));
    expect(codeOf(() => submit(medseal, object, hexToBytes(bytes), honest))).toBe(code);
  });
});

it('accepts the capsule proof that version 1 once wrote', () => {
  const v = readVectors('capsule-proof-v1.json') as ProvenCapsule;
  const delegatingKey = umbral.publicKeyFromBytes(hexToBytes(v.delegatingKey));
  const capsule = umbral.capsuleFromBytes(hexToBytes(v.capsule));
  const verify = (context: Uint8Array) =>
    codeOf(() => umbral.verifyCapsuleProof(capsule, delegatingKey, context, hexToBytes(v.proof)));
  expect(verify(hexToBytes(v.context))).toBeUndefined();
  expect(verify(new Uint8Array(0))).toBe('INVALID_CAPSULE_PROOF');
  const secret = umbral.secretKeyFromBytes(hexToBytes(v.delegatingSecret));
  expect(umbral.decapsulateOriginal(secret, capsule)).toEqual(hexToBytes(v.key));
});
