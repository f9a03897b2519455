import { nodeHash } from './tree-hash.ts';

export interface Climbed {
  /** Of the siblings to the left alone: the tree that ended here. */
  readonly older: Uint8Array;
  /** Of the siblings on both sides. */
  readonly newer: Uint8Array;
}

/**
 * The walk to the root that both verifications of RFC 9162 share: from the node at `place` of a level whose last one is
 * `last`, through its siblings. `undefined` where they are too few or too many.
 */
export function climb(
  from: Uint8Array,
  start: { readonly place: number; readonly last: number },
  siblings: readonly Uint8Array[],
): Climbed | undefined {
  let { place, last } = start;
  let [older, newer] = [from, from];
  for (const sibling of siblings) {
    if (last === 0) return undefined;
    if (place % 2 === 1 || place === last) {
      older = nodeHash(sibling, older);
      newer = nodeHash(sibling, newer);
      // A last node without a sibling goes up as it is.
      while (place % 2 === 0 && place !== 0) [place, last] = [place / 2, Math.floor(last / 2)];
    } else newer = nodeHash(newer, sibling);
    [place, last] = [Math.floor(place / 2), Math.floor(last / 2)];
  }
  return last === 0 ? { older, newer } : undefined;
}
