/** Whether two plain values are the same. Bytes compare as bytes whatever their class; absent and `undefined` are one. */
export function equal(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (a instanceof Uint8Array && b instanceof Uint8Array) return equalBytes(a, b);
  if ([a, b].some((one) => one instanceof Uint8Array || one instanceof Error)) return false;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  if (Array.isArray(a) && Array.isArray(b) && a.length !== b.length) return false;
  const [left, right] = [fieldsOf(a), fieldsOf(b)];
  return [...new Set([...left.keys(), ...right.keys()])].every((key) => equal(left.get(key), right.get(key)));
}

/** Whether every field of `part` stands in `whole` with an equal value, at any depth. */
export function contains(whole: unknown, part: object): boolean {
  if (typeof whole !== 'object' || whole === null) return false;
  const fields = whole as Readonly<Record<string, unknown>>;
  return Object.entries(part).every(([key, value]) => equal(fields[key], value));
}

function fieldsOf(value: object): ReadonlyMap<string, unknown> {
  return new Map(Object.entries(value).filter(([, field]) => field !== undefined));
}

function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  for (let index = 0; index < a.length; index++) if (a[index] !== b[index]) return false;
  return true;
}
