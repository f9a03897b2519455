import { DecryptionError } from '../errors/decryption-error.ts';
import { wipe } from './wipe.ts';

/** Bytes that AES-GCM adds to a plaintext. */
export const TAG_BYTES = 16;

const ZERO_NONCE = new Uint8Array(12);

/** AES-256-GCM key for the platform's cipher; it can not be read back. */
export async function importCipherKey(key: Uint8Array, usage: 'encrypt' | 'decrypt'): Promise<CryptoKey> {
  const copy = Uint8Array.from(key);
  try {
    return await crypto.subtle.importKey('raw', copy, 'AES-GCM', false, [usage]);
  } finally {
    wipe(copy);
  }
}

/** AES-256-GCM with a zero nonce, for a key that encrypts once: a key derived with a fresh salt or a fresh capsule. */
export async function sealOnce(key: Uint8Array, plaintext: Uint8Array): Promise<Uint8Array> {
  const cipherKey = await importCipherKey(key, 'encrypt');
  return encryptWith(cipherKey, ZERO_NONCE, Uint8Array.from(plaintext));
}

/** @throws DecryptionError */
export async function openOnce(key: Uint8Array, sealed: Uint8Array): Promise<Uint8Array> {
  return decryptWith(await importCipherKey(key, 'decrypt'), ZERO_NONCE, Uint8Array.from(sealed));
}

export async function encryptWith(
  key: CryptoKey,
  iv: Uint8Array<ArrayBuffer>,
  plaintext: Uint8Array<ArrayBuffer>,
): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.encrypt({ name: 'AES-GCM', iv }, key, plaintext));
}

/** @throws DecryptionError */
export async function decryptWith(
  key: CryptoKey,
  iv: Uint8Array<ArrayBuffer>,
  sealed: Uint8Array<ArrayBuffer>,
): Promise<Uint8Array> {
  try {
    return new Uint8Array(await crypto.subtle.decrypt({ name: 'AES-GCM', iv }, key, sealed));
  } catch {
    throw new DecryptionError();
  }
}
