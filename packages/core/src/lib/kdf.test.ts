import { createHmac, hkdfSync } from 'node:crypto';
import { concat } from '@medseal/protocol';
import { describe, expect, it } from 'vitest';
import { DecryptionError } from '../errors/decryption-error.ts';
import { openOnce, sealOnce } from './aead.ts';
import { taggedDigest, sha256Hex } from './digest.ts';
import { equalBytes } from './equal-bytes.ts';
import { deriveKey, hmac } from './kdf.ts';
import { tagWord } from './tag-word.ts';

const secret = new Uint8Array(32).fill(7);

describe('key derivation', () => {
  it('is HKDF with the padded label before the info', () => {
    const salt = Uint8Array.of(1, 2);
    const info = Uint8Array.of(3);
    const expected = hkdfSync('sha256', secret, salt, concat(tagWord('a label'), info), 48);
    expect(deriveKey(secret, 'a label', { salt, info, length: 48 })).toEqual(new Uint8Array(expected));
    const plain = hkdfSync('sha256', secret, new Uint8Array(), tagWord('a label'), 32);
    expect(deriveKey(secret, 'a label')).toEqual(new Uint8Array(plain));
  });

  it('gives unrelated keys for labels that begin alike', () => {
    expect(deriveKey(secret, 'key')).not.toEqual(deriveKey(secret, 'key2'));
    expect(deriveKey(secret, 'key', { info: Uint8Array.of(50) })).not.toEqual(deriveKey(secret, 'key2'));
  });

  it.each(['', 'x'.repeat(33), 'häder', 'a\0b'])('refuses the label %j', (label) => {
    expect(() => deriveKey(secret, label)).toThrow(RangeError);
  });

  it('authenticates like HMAC-SHA-256', () => {
    const expected = createHmac('sha256', secret).update('one').update('two').digest();
    const encode = (text: string): Uint8Array => new TextEncoder().encode(text);
    expect(hmac(secret, encode('one'), encode('two'))).toEqual(Uint8Array.from(expected));
  });
});

describe('sealOnce', () => {
  it('round trips, and leaves key and plaintext as they were', async () => {
    const plaintext = Uint8Array.of(1, 2, 3);
    const sealed = await sealOnce(secret, plaintext);
    expect(await openOnce(secret, sealed)).toEqual(plaintext);
    expect(plaintext).toEqual(Uint8Array.of(1, 2, 3));
    expect(secret).toEqual(new Uint8Array(32).fill(7));
    await expect(openOnce(new Uint8Array(32), sealed)).rejects.toThrow(DecryptionError);
    await expect(openOnce(secret, sealed.slice(0, 5))).rejects.toThrow(DecryptionError);
  });
});

describe('small helpers', () => {
  it('compare bytes', () => {
    expect(equalBytes(Uint8Array.of(1, 2), Uint8Array.of(1, 2))).toBe(true);
    expect(equalBytes(Uint8Array.of(1, 2), Uint8Array.of(1, 3))).toBe(false);
    expect(equalBytes(Uint8Array.of(1, 2), Uint8Array.of(1))).toBe(false);
    expect(equalBytes(new Uint8Array(), new Uint8Array())).toBe(true);
  });

  it('separate the digests of different kinds', () => {
    expect(taggedDigest('a', Uint8Array.of(1))).not.toBe(taggedDigest('b', Uint8Array.of(1)));
    expect(taggedDigest('a', Uint8Array.of(1))).toBe(sha256Hex(concat(tagWord('a'), Uint8Array.of(1))));
  });
});
