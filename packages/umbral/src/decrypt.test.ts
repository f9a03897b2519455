import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { codeOf, delegate, forEachMutation, fragmentsOf, makeParties } from '../test/parties.ts';
import { decapsulateOriginal } from './decapsulate-original.ts';
import { decryptOriginal, decryptReencrypted } from './decrypt.ts';
import { encrypt } from './encrypt.ts';
import { generateSecretKey } from './keys.ts';

const parties = makeParties();
const { delegatingSecret, delegatingKey, receivingSecret } = parties;
const kfrags = delegate(parties, 2, 3).slice(1);

describe('encrypt', () => {
  it('opens for owner and receiver, whatever the message', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), (plaintext) => {
        const { capsule, ciphertext } = encrypt(delegatingKey, plaintext);
        const cfrags = fragmentsOf(capsule, kfrags, parties);
        expect(ciphertext).toHaveLength(plaintext.length + 40);
        expect(decryptOriginal(delegatingSecret, capsule, ciphertext)).toEqual(plaintext);
        expect(decryptReencrypted(receivingSecret, delegatingKey, capsule, cfrags, ciphertext)).toEqual(plaintext);
      }),
      { numRuns: 10 },
    );
  });

  const { capsule, ciphertext } = encrypt(delegatingKey, Uint8Array.of(1, 2, 3));

  it('does not open with any byte changed or missing, nor with another key or capsule', () => {
    const cfrags = fragmentsOf(capsule, kfrags, parties);
    const failures = new Set<unknown>();
    const tryBoth = (bytes: Uint8Array) => {
      failures.add(codeOf(() => decryptOriginal(delegatingSecret, capsule, bytes)));
    };
    forEachMutation(ciphertext, tryBoth);
    for (const length of ciphertext.keys()) tryBoth(ciphertext.subarray(0, length));
    const cut = ciphertext.subarray(1);
    failures.add(codeOf(() => decryptReencrypted(receivingSecret, delegatingKey, capsule, cfrags, cut)));
    failures.add(codeOf(() => decryptOriginal(generateSecretKey(), capsule, ciphertext)));
    failures.add(codeOf(() => decryptOriginal(delegatingSecret, encrypt(delegatingKey, cut).capsule, ciphertext)));
    expect(failures).toEqual(new Set(['DECRYPTION_FAILED']));
  });

  it('fails alike for every cause, without key or cause in the error', () => {
    const messages = [ciphertext.subarray(0, 3), Uint8Array.from(ciphertext).fill(0)].map((bytes) => {
      try {
        return decryptOriginal(delegatingSecret, capsule, bytes);
      } catch (error) {
        return error;
      }
    });
    expect(messages[0]).toEqual(messages[1]);
    expect(messages[0]).not.toHaveProperty('cause');
  });

  it('takes a fresh key and nonce every time', () => {
    const again = encrypt(delegatingKey, Uint8Array.of(1, 2, 3));
    expect(again.ciphertext.subarray(0, 24)).not.toEqual(ciphertext.subarray(0, 24));
    expect(decapsulateOriginal(delegatingSecret, again.capsule)).not.toEqual(
      decapsulateOriginal(delegatingSecret, capsule),
    );
  });
});
