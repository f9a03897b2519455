/** Whether a text can name a key: not empty, without spaces, plus or control characters (C2SP signed-note). */
export function isKeyName(name: string): boolean {
  return name !== '' && !/[\s+\p{Cc}\p{Surrogate}\u0085\u2028\u2029]/u.test(name);
}

/** @throws RangeError for a text that can not name a key. */
export function requireKeyName(name: string): void {
  if (!isKeyName(name))
    throw new RangeError('The name of a key is not empty and has no space, plus or control character');
}
