import { bytesToNumberBE, numberToBytesBE } from '@noble/curves/utils.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { concatBytes, utf8ToBytes } from '@noble/hashes/utils.js';
import { Fn } from './curve.ts';

/** Scalar in 1..n-1 from SHA-256 over the length of the tag (4 bytes), the tag and the parts. */
export function hashToScalar(tag: string, ...parts: readonly Uint8Array[]): bigint {
  const name = utf8ToBytes(tag);
  const digest = sha256(concatBytes(numberToBytesBE(name.length, 4), name, ...parts));
  return (bytesToNumberBE(digest) % (Fn.ORDER - 1n)) + 1n;
}
