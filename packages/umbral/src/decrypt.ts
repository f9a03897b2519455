import { xchacha20poly1305 } from '@noble/ciphers/chacha.js';
import { abytes } from '@noble/curves/utils.js';
import { type Capsule, capsuleToSimpleBytes } from './capsule.ts';
import type { VerifiedCFrag } from './cfrag.ts';
import { decapsulateOriginal } from './decapsulate-original.ts';
import { decapsulateReencrypted } from './decapsulate-reencrypted.ts';
import { NONCE_BYTES } from './encrypt.ts';
import { decryptionFailed } from './errors.ts';
import type { PublicKey, SecretKey } from './keys.ts';

/** Opens what `encrypt` made, for the owner of the delegating key. Throws `DECRYPTION_FAILED`. */
export function decryptOriginal(delegatingSecret: SecretKey, capsule: Capsule, ciphertext: Uint8Array): Uint8Array {
  return openCiphertext(decapsulateOriginal(delegatingSecret, capsule), capsule, ciphertext);
}

/** Opens what `encrypt` made, for the receiver. Throws as `decapsulateReencrypted` does, and `DECRYPTION_FAILED`. */
export function decryptReencrypted(
  receivingSecret: SecretKey,
  delegatingKey: PublicKey,
  capsule: Capsule,
  cfrags: readonly VerifiedCFrag[],
  ciphertext: Uint8Array,
): Uint8Array {
  return openCiphertext(decapsulateReencrypted(receivingSecret, delegatingKey, capsule, cfrags), capsule, ciphertext);
}

/** Opens what `encrypt` made, with the key of its capsule. Throws `DECRYPTION_FAILED`. */
export function openCiphertext(key: Uint8Array, capsule: Capsule, ciphertext: Uint8Array): Uint8Array {
  const nonce = abytes(ciphertext).subarray(0, NONCE_BYTES);
  try {
    return xchacha20poly1305(key, nonce, capsuleToSimpleBytes(capsule)).decrypt(ciphertext.subarray(NONCE_BYTES));
  } catch {
    throw decryptionFailed();
  }
}
