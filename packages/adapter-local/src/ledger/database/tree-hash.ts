import { sha256 } from './checksum.ts';

const LEAF = Uint8Array.of(0);
const NODE = Uint8Array.of(1);

/** As `leafHash` of the core, by OpenSSL: RFC 9162 section 2.1.1. */
export function leafHash(entry: Uint8Array): Uint8Array {
  return sha256(Buffer.concat([LEAF, entry]));
}

/** As `nodeHash` of the core, by OpenSSL: RFC 9162 section 2.1.1. */
export function nodeHash(left: Uint8Array, right: Uint8Array): Uint8Array {
  return sha256(Buffer.concat([NODE, left, right]));
}
