import { sha256 } from './checksum.ts';

const LEAF = 0;
const NODE = 1;
const HASH = 32;
/** Entries up to this length are hashed out of memory that is used again: most of what hashing a short one takes. */
const SHORT = 4_096;
const scratch = Buffer.alloc(1 + SHORT);

/** As `leafHash` of the core, by OpenSSL: RFC 9162 section 2.1.1. */
export function leafHash(entry: Uint8Array): Uint8Array {
  if (entry.length > SHORT) return sha256(Buffer.concat([Uint8Array.of(LEAF), entry]));
  scratch[0] = LEAF;
  scratch.set(entry, 1);
  return sha256(scratch.subarray(0, 1 + entry.length));
}

/** As `nodeHash` of the core, by OpenSSL: RFC 9162 section 2.1.1. */
export function nodeHash(left: Uint8Array, right: Uint8Array): Uint8Array {
  scratch[0] = NODE;
  scratch.set(left, 1);
  scratch.set(right, 1 + HASH);
  return sha256(scratch.subarray(0, 1 + 2 * HASH));
}
