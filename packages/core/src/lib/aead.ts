import { DecryptionError } from '../errors/decryption-error.ts';
import { platformBackend } from './platform-backend.ts';

/** Bytes that AES-GCM adds to a plaintext. */
export const TAG_BYTES = 16;

const ZERO_NONCE = new Uint8Array(12);

/** AES-256-GCM with a zero nonce, for a key that encrypts once: a key derived with a fresh salt or a fresh capsule. */
export async function sealOnce(key: Uint8Array, plaintext: Uint8Array): Promise<Uint8Array> {
  const sealed = new Uint8Array(plaintext.length + TAG_BYTES);
  await platformBackend().cipher(key).encrypt(ZERO_NONCE, plaintext, sealed);
  return sealed;
}

/** @throws DecryptionError */
export async function openOnce(key: Uint8Array, sealed: Uint8Array): Promise<Uint8Array> {
  if (sealed.length < TAG_BYTES) throw new DecryptionError();
  const plaintext = new Uint8Array(sealed.length - TAG_BYTES);
  await platformBackend().cipher(key).decrypt(ZERO_NONCE, sealed, plaintext);
  return plaintext;
}
