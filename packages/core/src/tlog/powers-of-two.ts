/** The greatest power of two smaller than `width`, which is 2 or more: how many leaves stand in the left subtree. */
export function splitOf(width: number): number {
  let split = 1;
  while (split * 2 < width) split *= 2;
  return split;
}

/** Level of the complete subtree of `width` leaves; `undefined` where `width` is no power of two. */
export function levelOf(width: number): number | undefined {
  let level = 0;
  let rest = width;
  // Not by Math.log2, which rounds great numbers near a power of two to it.
  for (; rest > 1; rest /= 2, level++) if (rest % 2 !== 0) return undefined;
  return rest === 1 ? level : undefined;
}
