import { xchacha20poly1305 } from '@noble/ciphers/chacha.js';
import { concatBytes, randomBytes } from '@noble/hashes/utils.js';
import { type Capsule, capsuleToSimpleBytes } from './capsule.ts';
import { encapsulate } from './encapsulate.ts';
import type { PublicKey } from './keys.ts';

export const NONCE_BYTES = 24;

export interface Encryption {
  readonly capsule: Capsule;
  /** Nonce (24 bytes), ciphertext, tag (16 bytes). */
  readonly ciphertext: Uint8Array;
}

/**
 * Encrypts a short message (a data key) as umbral-pre does: a fresh capsule, XChaCha20-Poly1305 under its key, the
 * capsule authenticated. Slow for long messages: for those use `encapsulate` and the platform's own cipher.
 */
export function encrypt(delegatingKey: PublicKey, plaintext: Uint8Array): Encryption {
  const { capsule, key } = encapsulate(delegatingKey);
  const nonce = randomBytes(NONCE_BYTES);
  const sealed = xchacha20poly1305(key, nonce, capsuleToSimpleBytes(capsule)).encrypt(plaintext);
  return { capsule, ciphertext: concatBytes(nonce, sealed) };
}
