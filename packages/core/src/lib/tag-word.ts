/** A 32-byte tag naming what is hashed behind it: ASCII, left-aligned, as in the ids of `@medseal/protocol`. */
export function tagWord(tag: string): Uint8Array {
  if (!/^[ -~]{1,32}$/.test(tag)) throw new RangeError('A tag has 1 to 32 ASCII characters');
  const word = new Uint8Array(32);
  word.set(new TextEncoder().encode(tag));
  return word;
}
