import type { HashReader } from './hash-reader.ts';
import { rangeRoot } from './range-root.ts';
import { requireSize } from './require-size.ts';
import { splitOf } from './powers-of-two.ts';

/**
 * Proof that the tree of `to` leaves begins with that of `from` leaves (RFC 9162 section 2.1.4.1). Empty when they are
 * the same one, and from the empty tree, which every tree begins with.
 *
 * @throws RangeError when `to` is smaller than `from`.
 */
export function consistencyProof(from: number, to: number, read: HashReader): readonly Uint8Array[] {
  requireSize(from);
  requireSize(to);
  if (from > to) throw new RangeError('A tree is consistent with larger ones only');
  if (from === 0 || from === to) return [];
  const proof: Uint8Array[] = [];
  let [start, end] = [0, to];
  while (end !== from) {
    const middle = start + splitOf(end - start);
    if (from <= middle) {
      proof.push(rangeRoot(middle, end, read));
      end = middle;
    } else {
      proof.push(rangeRoot(start, middle, read));
      start = middle;
    }
  }
  // The verifier knows the old tree itself: no need to name it.
  if (start > 0) proof.push(rangeRoot(start, end, read));
  return proof.toReversed();
}
