import { concat } from '@medseal/protocol';
import { sha256 } from '@noble/hashes/sha2.js';

/** Kinds of signature on a note, by the byte that C2SP signed-note assigns. */
export const ED25519 = 1;
export const COSIGNATURE = 4;
export type SignatureType = typeof ED25519 | typeof COSIGNATURE;

/** First four bytes of the digest of name, newline, kind and key, as a number (C2SP signed-note). */
export function keyIdOf(name: string, type: SignatureType, publicKey: Uint8Array): number {
  const text = new TextEncoder().encode(`${name}\n`);
  return new DataView(sha256(concat(text, Uint8Array.of(type), publicKey)).buffer).getUint32(0);
}
