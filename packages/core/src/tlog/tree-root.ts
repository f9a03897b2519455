import type { HashReader } from './hash-reader.ts';
import { rangeRoot } from './range-root.ts';
import { requireSize } from './require-size.ts';
import { emptyRoot } from './tree-hash.ts';

/**
 * Root of the tree of the first `size` leaves (RFC 9162 section 2.1.1).
 *
 * @throws RangeError for what is no size.
 */
export function treeRoot(size: number, read: HashReader): Uint8Array {
  requireSize(size);
  return size === 0 ? emptyRoot : rangeRoot(0, size, read);
}
