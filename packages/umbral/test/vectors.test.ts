import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { hexToBytes } from '@noble/curves/utils.js';
import { expect, it } from 'vitest';
import * as umbral from '../src/index.ts';
import { codeOf } from './parties.ts';

interface Exchange {
  readonly delegatingSecret: string;
  readonly delegatingKey: string;
  readonly receivingSecret: string;
  readonly receivingKey: string;
  readonly verifyingKey: string;
  readonly threshold: number;
  readonly capsule: string;
  readonly plaintext: string;
  readonly ciphertext: string;
  readonly kfrags: readonly string[];
  readonly cfrags: readonly string[];
}

interface ProvenCapsule {
  readonly delegatingSecret: string;
  readonly delegatingKey: string;
  readonly context: string;
  readonly capsule: string;
  readonly key: string;
  readonly proof: string;
}

const file = readFileSync(join(import.meta.dirname, 'vectors.json'), 'utf8');
const vectors = JSON.parse(file) as { 'umbral-pre 0.10.0': Exchange; 'capsule proof v1': ProvenCapsule };

it('opens what umbral-pre 0.10.0 once wrote', () => {
  const v = vectors['umbral-pre 0.10.0'];
  const keys = {
    delegatingKey: umbral.publicKeyFromBytes(hexToBytes(v.delegatingKey)),
    receivingKey: umbral.publicKeyFromBytes(hexToBytes(v.receivingKey)),
    verifyingKey: umbral.verifyingKeyFromBytes(hexToBytes(v.verifyingKey)),
  };
  const delegatingSecret = umbral.secretKeyFromBytes(hexToBytes(v.delegatingSecret));
  const receivingSecret = umbral.secretKeyFromBytes(hexToBytes(v.receivingSecret));
  const capsule = umbral.capsuleFromBytes(hexToBytes(v.capsule));
  const ciphertext = hexToBytes(v.ciphertext);
  const plaintext = hexToBytes(v.plaintext);
  const open = (cfrags: readonly umbral.CFrag[]): Uint8Array => {
    const verified = cfrags.map((cfrag) => umbral.verifyCFrag(cfrag, capsule, keys));
    return umbral.decryptReencrypted(receivingSecret, keys.delegatingKey, capsule, verified, ciphertext);
  };

  const cfrags = v.cfrags.map((cfrag) => umbral.cfragFromBytes(hexToBytes(cfrag)));
  const kfrags = v.kfrags.map((kfrag) => umbral.verifyKFrag(umbral.kfragFromBytes(hexToBytes(kfrag)), keys));
  const answers = kfrags.map((kfrag) => umbral.reencrypt(capsule, kfrag));
  expect(umbral.decryptOriginal(delegatingSecret, capsule, ciphertext)).toEqual(plaintext);
  expect(open(cfrags.slice(0, v.threshold))).toEqual(plaintext);
  expect(open(answers.slice(-v.threshold))).toEqual(plaintext);
  expect(codeOf(() => open(cfrags.slice(0, v.threshold - 1)))).toBe('DECRYPTION_FAILED');
});

it('accepts the capsule proof that version 1 once wrote', () => {
  const v = vectors['capsule proof v1'];
  const delegatingKey = umbral.publicKeyFromBytes(hexToBytes(v.delegatingKey));
  const capsule = umbral.capsuleFromBytes(hexToBytes(v.capsule));
  const verify = (context: Uint8Array) =>
    codeOf(() => umbral.verifyCapsuleProof(capsule, delegatingKey, context, hexToBytes(v.proof)));
  expect(verify(hexToBytes(v.context))).toBeUndefined();
  expect(verify(new Uint8Array(0))).toBe('INVALID_CAPSULE_PROOF');
  const secret = umbral.secretKeyFromBytes(hexToBytes(v.delegatingSecret));
  expect(umbral.decapsulateOriginal(secret, capsule)).toEqual(hexToBytes(v.key));
});
