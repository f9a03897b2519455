export interface ByteRange {
  readonly start: number;
  /** The byte behind the last. */
  readonly end: number;
}

/** @throws RangeError unless 0 ≤ start ≤ end ≤ size, all of them whole numbers. */
export function requireRange(start: number, end: number, size: number): ByteRange {
  const whole = Number.isSafeInteger(start) && Number.isSafeInteger(end);
  if (!whole || start < 0 || start > end || end > size)
    throw new RangeError(`Not a range of ${size} bytes: ${start} to ${end}`);
  return { start, end };
}
