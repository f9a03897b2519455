import { emptyRoot, type HashReader } from '@medseal/core/tlog';
import { nodeHash } from '../database/tree-hash.ts';

/**
 * The right edge of the tree: the roots of its greatest complete subtrees, all that appending needs. Kept in memory once
 * it was checked, so that damage on the disk never finds its way under a new signature.
 */
export class TreeEdge {
  readonly size: number;
  /** From the left, the greatest first. */
  readonly #peaks: readonly Uint8Array[];

  private constructor(size: number, peaks: readonly Uint8Array[]) {
    this.size = size;
    this.#peaks = peaks;
  }

  /** @throws Error when `read` does not have a hash. */
  static load(size: number, read: HashReader): TreeEdge {
    return new TreeEdge(
      size,
      peaksOf(size).map(([level, index]) => read(level, index)),
    );
  }

  root(): Uint8Array {
    const right = this.#peaks.at(-1);
    if (right === undefined) return emptyRoot;
    return this.#peaks.slice(0, -1).reduceRight((below, left) => nodeHash(left, below), right);
  }

  /** The edge behind one more leaf, and the hashes of the subtrees that it completes, from level 0. */
  append(leaf: Uint8Array): { readonly edge: TreeEdge; readonly hashes: Uint8Array } {
    const peaks = [...this.#peaks];
    const completed = [leaf];
    let hash = leaf;
    for (let rest = this.size; rest % 2 === 1; rest = (rest - 1) / 2) {
      hash = nodeHash(peaks.pop() ?? missing(), hash);
      completed.push(hash);
    }
    peaks.push(hash);
    return {
      edge: new TreeEdge(this.size + 1, peaks),
      hashes: completed.length === 1 ? leaf : Buffer.concat(completed),
    };
  }
}

function missing(): never {
  throw new RangeError('The edge of the tree is not that of its size');
}

/** The greatest complete subtrees of a tree, from the left. */
function peaksOf(size: number): readonly (readonly [level: number, index: number])[] {
  const peaks: (readonly [number, number])[] = [];
  for (let level = 0, rest = size; rest > 0; level++, rest = Math.floor(rest / 2))
    if (rest % 2 === 1) peaks.unshift([level, rest - 1]);
  return peaks;
}
