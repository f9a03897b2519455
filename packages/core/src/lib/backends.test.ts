import { createHash } from 'node:crypto';
import { hexToBytes } from '@noble/hashes/utils.js';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { flipped, rejection } from '../../test/sealed-record.ts';
import { DecryptionError } from '../errors/decryption-error.ts';
import type { ChunkCipher, CryptoBackend } from './crypto-backend.ts';
import { nodeBackend } from './node-backend.ts';
import { platformBackend } from './platform-backend.ts';
import { webBackend } from './web-backend.ts';

const node = nodeBackend();
if (node === undefined) throw new Error('These tests run in Node');
const backends: readonly (readonly [string, CryptoBackend])[] = [
  ['Node', node],
  ['WebCrypto', webBackend()],
];
const nonce = Uint8Array.from({ length: 12 }, (_, index) => index);
const key = new Uint8Array(32).fill(7);

async function encrypted(cipher: ChunkCipher, plaintext: Uint8Array): Promise<Uint8Array> {
  const out = new Uint8Array(plaintext.length + 16);
  await cipher.encrypt(nonce, plaintext, out);
  return out;
}

async function decrypted(cipher: ChunkCipher, sealed: Uint8Array): Promise<Uint8Array> {
  const out = new Uint8Array(Math.max(0, sealed.length - 16));
  await cipher.decrypt(nonce, sealed, out);
  return out;
}

describe.each(backends)('AES-256-GCM and SHA-256 of %s', (_, backend) => {
  // Test case 14 of McGrew and Viega, "The Galois/Counter Mode of Operation (GCM)", appendix B.
  it('agree with the published vector', async () => {
    const out = new Uint8Array(32);
    await backend.cipher(new Uint8Array(32)).encrypt(new Uint8Array(12), new Uint8Array(16), out);
    expect(out).toEqual(hexToBytes('cea7403d4d606b6e074ec5d3baf39d18d0d1c8a799996bf0265b98b5d48ab919'));
  });

  it('fail in one way, and leave nothing in the buffer', async () => {
    const cipher = backend.cipher(key);
    const sealed = await encrypted(cipher, new Uint8Array(100).fill(5));
    for (const wrong of [flipped(sealed, 0), flipped(sealed, 99), flipped(sealed, 115), sealed.slice(1)]) {
      const out = new Uint8Array(wrong.length - 16);
      const error = await rejection((async () => cipher.decrypt(nonce, wrong, out))());
      expect(error).toBeInstanceOf(DecryptionError);
      expect(out).toEqual(new Uint8Array(out.length));
    }
    expect(await rejection(decrypted(cipher, sealed.slice(0, 15)))).toBeInstanceOf(DecryptionError);
    expect(await rejection(decrypted(backend.cipher(new Uint8Array(32)), sealed))).toBeInstanceOf(DecryptionError);
  });

  it('take the key at the call', async () => {
    const own = Uint8Array.from(key);
    const cipher = backend.cipher(own);
    own.fill(0);
    const sealed = await encrypted(cipher, Uint8Array.of(1, 2, 3));
    expect(await decrypted(backend.cipher(key), sealed)).toEqual(Uint8Array.of(1, 2, 3));
  });

  it('hash in pieces', () => {
    const hash = backend.sha256();
    const expected = createHash('sha256');
    for (const size of [0, 1, 63, 64, 1000]) {
      const piece = new Uint8Array(size).fill(size);
      hash.update(piece);
      expected.update(piece);
    }
    expect(hash.digest()).toEqual(Uint8Array.from(expected.digest()));
  });
});

describe('the backends', () => {
  it('open what the other sealed', async () => {
    for (const size of [0, 1, 15, 16, 17, 65_536]) {
      const plaintext = Uint8Array.from({ length: size }, (_, index) => index * 3);
      const [a, b] = await Promise.all(backends.map(([, backend]) => encrypted(backend.cipher(key), plaintext)));
      expect(a).toEqual(b);
      for (const [, backend] of backends)
        expect(await decrypted(backend.cipher(key), a ?? new Uint8Array())).toEqual(plaintext);
    }
  });
});

describe('the platform’s backend', () => {
  afterEach(() => {
    vi.unstubAllGlobals();
  });

  it('is Node’s where there is Node, and none of Node’s without', () => {
    expect(platformBackend()).toBe(platformBackend());
    expect(nodeBackend()).toBeDefined();
    vi.stubGlobal('process', undefined);
    expect(nodeBackend()).toBeUndefined();
    vi.stubGlobal('process', {});
    expect(nodeBackend()).toBeUndefined();
    vi.stubGlobal('process', { getBuiltinModule: () => undefined });
    expect(nodeBackend()).toBeUndefined();
  });
});
