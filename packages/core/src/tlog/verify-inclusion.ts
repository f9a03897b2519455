import { equalBytes } from '../lib/equal-bytes.ts';
import { climb } from './climb.ts';
import { isSize } from './require-size.ts';

export interface Inclusion {
  /** Hash of the leaf. */
  readonly leaf: Uint8Array;
  readonly index: number;
  readonly size: number;
  readonly root: Uint8Array;
  readonly proof: readonly Uint8Array[];
}

/** Whether the proof shows the leaf at its place in the tree with this root (RFC 9162 section 2.1.3.2). */
export function verifyInclusion({ leaf, index, size, root, proof }: Inclusion): boolean {
  if (!isSize(index) || !isSize(size) || index >= size) return false;
  const climbed = climb(leaf, { place: index, last: size - 1 }, proof);
  return climbed !== undefined && equalBytes(climbed.newer, root);
}
