import type { HashReader } from './hash-reader.ts';
import { rangeRoot } from './range-root.ts';
import { requireSize } from './require-size.ts';
import { splitOf } from './powers-of-two.ts';

/**
 * Proof that the leaf number `index` stands in the tree of `size` leaves: the siblings from the leaf up to the child of
 * the root (RFC 9162 section 2.1.3.1).
 *
 * @throws RangeError when the tree does not hold the leaf.
 */
export function inclusionProof(index: number, size: number, read: HashReader): readonly Uint8Array[] {
  requireSize(size);
  if (!Number.isSafeInteger(index) || index < 0 || index >= size)
    throw new RangeError('The tree does not hold a leaf of this number');
  const proof: Uint8Array[] = [];
  let [start, end] = [0, size];
  while (end - start > 1) {
    const middle = start + splitOf(end - start);
    if (index < middle) {
      proof.push(rangeRoot(middle, end, read));
      end = middle;
    } else {
      proof.push(rangeRoot(start, middle, read));
      start = middle;
    }
  }
  return proof.toReversed();
}
