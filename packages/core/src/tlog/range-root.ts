import type { HashReader } from './hash-reader.ts';
import { levelOf, splitOf } from './powers-of-two.ts';
import { nodeHash } from './tree-hash.ts';

/**
 * Root of the tree over the leaves from `start` up to, not with, `end`, where `start` is a multiple of the greatest
 * power of two that the range holds: every range is such that a proof of RFC 9162 names.
 */
export function rangeRoot(start: number, end: number, read: HashReader): Uint8Array {
  const width = end - start;
  const level = levelOf(width);
  if (level !== undefined) return read(level, start / width);
  const middle = start + splitOf(width);
  return nodeHash(rangeRoot(start, middle, read), rangeRoot(middle, end, read));
}
