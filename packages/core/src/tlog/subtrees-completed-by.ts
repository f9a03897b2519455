import type { HashReader } from './hash-reader.ts';
import { requireSize } from './require-size.ts';
import { nodeHash } from './tree-hash.ts';

export interface Subtree {
  readonly level: number;
  readonly index: number;
  readonly hash: Uint8Array;
}

/**
 * The subtrees that become complete when the leaf number `index` is appended, level 0 first: the hashes to be stored.
 * `leaf` is the hash of the leaf; `read` must give the hashes that earlier leaves completed.
 *
 * @throws RangeError for what is no index.
 */
export function subtreesCompletedBy(index: number, leaf: Uint8Array, read: HashReader): readonly Subtree[] {
  requireSize(index);
  const completed: Subtree[] = [{ level: 0, index, hash: leaf }];
  let place = index;
  let hash = leaf;
  for (let level = 0; place % 2 === 1; level++) {
    hash = nodeHash(read(level, place - 1), hash);
    place = (place - 1) / 2;
    completed.push({ level: level + 1, index: place, hash });
  }
  return completed;
}
