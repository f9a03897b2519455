import { scryptAsync } from '@noble/hashes/scrypt.js';
import { afterEach, expect, it, vi } from 'vitest';
import { scrypt } from './scrypt.ts';

vi.mock('@noble/hashes/scrypt.js', { spy: true });

afterEach(() => vi.unstubAllGlobals());

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

// RFC 7914, section 12.
const vectors = [
  [
    'password',
    'NaCl',
    { N: 1024, r: 8, p: 16, dkLen: 64 },
    'fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b373162' +
      '2eaf30d92e22a3886ff109279d9830dac727afb94a83ee6d8360cbdfa2cc0640',
  ],
  [
    'pleaseletmein',
    'SodiumChloride',
    { N: 16_384, r: 8, p: 1, dkLen: 64 },
    '7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2' +
      'd5432955613f0fcf62d49705242a9af9e61e85dc0d651e40dfcf017b45575887',
  ],
] as const;

it.each(vectors)('gives what the RFC says, by Node and without it: %s', async (passphrase, salt, cost, key) => {
  const bytes = new TextEncoder().encode(salt);
  vi.mocked(scryptAsync).mockClear();
  expect(hex(await scrypt(passphrase, bytes, cost))).toBe(key);
  expect(scryptAsync).not.toHaveBeenCalled();
  vi.stubGlobal('process', undefined);
  expect(hex(await scrypt(passphrase, bytes, cost))).toBe(key);
  expect(scryptAsync).toHaveBeenCalledOnce();
});

it('takes a passphrase as UTF-8 in both', async () => {
  const cost = { N: 2, r: 1, p: 1, dkLen: 32 };
  const salt = Uint8Array.of(1, 2, 3);
  const native = hex(await scrypt('Schlüssel 🔑', salt, cost));
  vi.stubGlobal('process', undefined);
  expect(hex(await scrypt('Schlüssel 🔑', salt, cost))).toBe(native);
});

it('fails where the parameters make no sense', async () => {
  await expect(scrypt('p', new Uint8Array(), { N: 3, r: 8, p: 1, dkLen: 32 })).rejects.toThrow(/./);
});
