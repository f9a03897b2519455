import { hexToBytes } from '@noble/curves/utils.js';
import type { Point } from './curve.ts';
import { pointFromBytes } from './decode-point.ts';

/**
 * The second generator U, whose logarithm to G nobody knows: hash_to_curve of RFC 9380 (suite
 * secp256k1_XMD:SHA-256_SSWU_RO_) of `POINT_U` under the tag `PARAMETERS`. Written out because hashing costs more than reading.
 */
export const U: Point = pointFromBytes(
  hexToBytes('03079390d0fbe220fc34aab8ecbf49098098036820fadb98c03143e55db8ec73cd'),
  'U',
).precompute();
