import { sha256 } from './checksum.ts';

const HASH = 32;

/** As `leafHash` of the core, by OpenSSL: RFC 9162 section 2.1.1. */
export function leafHash(entry: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(1 + entry.length);
  bytes.set(entry, 1);
  return sha256(bytes);
}

/** As `nodeHash` of the core, by OpenSSL: RFC 9162 section 2.1.1. */
export function nodeHash(left: Uint8Array, right: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(1 + 2 * HASH);
  bytes[0] = 1;
  bytes.set(left, 1);
  bytes.set(right, 1 + HASH);
  return sha256(bytes);
}
