import { type HashReader, type Subtree, subtreesCompletedBy, treeRoot } from '@medseal/core/tlog';

/**
 * The right edge of the tree: the roots of its greatest complete subtrees, all that appending needs. Kept in memory once
 * it was checked, so that damage on the disk never finds its way under a new signature.
 */
export class TreeEdge {
  readonly size: number;
  readonly #peaks: ReadonlyMap<string, Uint8Array>;

  private constructor(size: number, peaks: ReadonlyMap<string, Uint8Array>) {
    this.size = size;
    this.#peaks = peaks;
  }

  /** @throws Error when `read` does not have a hash. */
  static load(size: number, read: HashReader): TreeEdge {
    return new TreeEdge(
      size,
      new Map(peaksOf(size).map(([level, index]) => [nameOf(level, index), read(level, index)])),
    );
  }

  root(): Uint8Array {
    return treeRoot(this.size, this.#read(this.#peaks));
  }

  /** The edge behind one more leaf, and the subtrees that it completes. */
  append(leaf: Uint8Array): { readonly edge: TreeEdge; readonly completed: readonly Subtree[] } {
    const completed = subtreesCompletedBy(this.size, leaf, this.#read(this.#peaks));
    const known = new Map(this.#peaks);
    for (const { level, index, hash } of completed) known.set(nameOf(level, index), hash);
    const size = this.size + 1;
    const edge = TreeEdge.load(size, this.#read(known));
    return { edge, completed };
  }

  #read(known: ReadonlyMap<string, Uint8Array>): HashReader {
    return (level, index) => {
      const hash = known.get(nameOf(level, index));
      if (hash === undefined) throw new RangeError('This subtree is not at the edge of the tree');
      return hash;
    };
  }
}

/** The greatest complete subtrees of a tree, from the left. */
function peaksOf(size: number): readonly (readonly [level: number, index: number])[] {
  const peaks: (readonly [number, number])[] = [];
  for (let level = 0, rest = size; rest > 0; level++, rest = Math.floor(rest / 2))
    if (rest % 2 === 1) peaks.unshift([level, rest - 1]);
  return peaks;
}

function nameOf(level: number, index: number): string {
  return `${level}/${index}`;
}
