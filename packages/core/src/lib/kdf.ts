import { concat } from '@medseal/protocol';
import { hkdf } from '@noble/hashes/hkdf.js';
import { hmac as hmacOf } from '@noble/hashes/hmac.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { tagWord } from './tag-word.ts';

export interface DerivationOptions {
  readonly salt?: Uint8Array;
  /** What else the key depends on, behind the label. */
  readonly info?: Uint8Array;
  /** Bytes, 32 unless told. */
  readonly length?: number;
}

/** HKDF-SHA-256 (RFC 5869). The label, padded to 32 bytes, opens `info`: no key has two uses. */
export function deriveKey(
  secret: Uint8Array,
  label: string,
  { salt, info = new Uint8Array(), length = 32 }: DerivationOptions = {},
): Uint8Array {
  return hkdf(sha256, secret, salt, concat(tagWord(label), info), length);
}

/** HMAC-SHA-256 (RFC 2104) of the parts in a row: their boundaries are the caller's to fix. */
export function hmac(key: Uint8Array, ...parts: Uint8Array[]): Uint8Array {
  return hmacOf(sha256, key, concat(...parts));
}
