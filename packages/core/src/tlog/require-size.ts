/** Whether a number can be the size of a tree, or the place of a leaf. */
export function isSize(size: number): boolean {
  return Number.isSafeInteger(size) && size >= 0;
}

/** @throws RangeError for what is no size of a tree. */
export function requireSize(size: number): void {
  if (!isSize(size)) throw new RangeError('The size of a tree is a whole number from 0 on');
}
