import { sha256 } from '@noble/hashes/sha2.js';
import { DecryptionError } from '../errors/decryption-error.ts';
import type { ChunkCipher, CryptoBackend } from './crypto-backend.ts';
import { wipe } from './wipe.ts';

/** WebCrypto, which every browser has. It has no streaming SHA-256; that one is computed in JavaScript. */
export function webBackend(): CryptoBackend {
  return {
    cipher: webCipher,
    sha256() {
      const hash = sha256.create();
      return { update: (bytes) => void hash.update(bytes), digest: () => hash.digest() };
    },
  };
}

function webCipher(bytes: Uint8Array): ChunkCipher {
  const importing = importKey(bytes);
  // Whoever uses the cipher meets the failure; nobody else should.
  importing.catch(() => {});
  return {
    async encrypt(nonce, plaintext, out) {
      const sealed = await crypto.subtle.encrypt(gcm(nonce), await importing, ownBytes(plaintext));
      out.set(new Uint8Array(sealed));
    },
    async decrypt(nonce, sealed, out) {
      const key = await importing;
      const plaintext = await crypto.subtle.decrypt(gcm(nonce), key, ownBytes(sealed)).catch(() => {
        throw new DecryptionError();
      });
      out.set(new Uint8Array(plaintext));
    },
  };
}

async function importKey(bytes: Uint8Array): Promise<CryptoKey> {
  const copy = Uint8Array.from(bytes);
  try {
    return await crypto.subtle.importKey('raw', copy, 'AES-GCM', false, ['encrypt', 'decrypt']);
  } finally {
    wipe(copy);
  }
}

function gcm(nonce: Uint8Array): AesGcmParams {
  return { name: 'AES-GCM', iv: ownBytes(nonce) };
}

/** WebCrypto takes no view of shared memory. */
function ownBytes(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return bytes.buffer instanceof ArrayBuffer ? (bytes as Uint8Array<ArrayBuffer>) : Uint8Array.from(bytes);
}
