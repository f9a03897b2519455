import { emptyRoot, nodeHash } from './tree-hash.ts';

/** The right edge of a tree: all that is needed to append to it. */
export interface Frontier {
  readonly size: number;
  /** Roots of the greatest complete subtrees, from the left. */
  readonly hashes: readonly Uint8Array[];
}

export const emptyFrontier: Frontier = { size: 0, hashes: [] };

export function appendLeaf({ size, hashes }: Frontier, leaf: Uint8Array): Frontier {
  let complete = leaf;
  let kept = hashes.length;
  for (let rest = size; rest % 2 === 1; rest = (rest - 1) / 2) {
    const left = hashes[--kept];
    if (left === undefined) throw new RangeError('The edge of the tree is not that of its size');
    complete = nodeHash(left, complete);
  }
  return { size: size + 1, hashes: [...hashes.slice(0, kept), complete] };
}

export function rootOf({ hashes }: Frontier): Uint8Array {
  const right = hashes.at(-1);
  return right === undefined
    ? emptyRoot
    : hashes.slice(0, -1).reduceRight((below, left) => nodeHash(left, below), right);
}

/** How many hashes the edge of a tree has: the bits of its size that are set. */
export function hashCount(size: number): number {
  let count = 0;
  for (let rest = size; rest > 0; rest = Math.floor(rest / 2)) count += rest % 2;
  return count;
}
