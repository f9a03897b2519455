import { hkdf } from '@noble/hashes/hkdf.js';
import { sha256 } from '@noble/hashes/sha2.js';
import type { Point } from './curve.ts';

/** The 32-byte key that a capsule stands for, from the point that only its owner, its maker or t fragments give. */
export function capsuleKey(shared: Point): Uint8Array {
  return hkdf(sha256, shared.toBytes(), undefined, undefined, 32);
}
