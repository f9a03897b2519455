import { sha256 } from '@noble/hashes/sha2.js';
import { concat } from '@medseal/protocol';

const LEAF = Uint8Array.of(0);
const NODE = Uint8Array.of(1);

/** Hash of an entry as a leaf of the tree (RFC 9162 section 2.1.1). */
export function leafHash(entry: Uint8Array): Uint8Array {
  return sha256(concat(LEAF, entry));
}

/** Hash of an inner node. The prefix keeps a node from passing for a leaf (RFC 9162 section 2.1.1). */
export function nodeHash(left: Uint8Array, right: Uint8Array): Uint8Array {
  return sha256(concat(NODE, left, right));
}

/** Root of the tree without leaves. */
export const emptyRoot: Uint8Array = sha256(new Uint8Array());
