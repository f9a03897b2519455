const MOST_BYTES = 16;
const MOST_CHARACTERS = 400;

/** A value in a few words, for messages. */
export function show(value: unknown): string {
  const text = describe(value);
  return text.length <= MOST_CHARACTERS ? text : `${text.slice(0, MOST_CHARACTERS)}…`;
}

function describe(value: unknown): string {
  if (value instanceof Uint8Array) return showBytes(value);
  if (value instanceof Error) {
    const code = 'code' in value ? ` ${String(value.code)}` : '';
    return `${value.name}${code} (${value.message})`;
  }
  if (Array.isArray(value)) return `[${value.map(describe).join(', ')}]`;
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value !== 'object' || value === null) return String(value);
  const fields = Object.entries(value).map(([key, field]) => `${key}: ${describe(field)}`);
  return `{ ${fields.join(', ')} }`;
}

function showBytes(bytes: Uint8Array): string {
  const digits = Array.from(bytes.subarray(0, MOST_BYTES), (byte) => byte.toString(16).padStart(2, '0')).join('');
  return `${bytes.length} bytes ${digits}${bytes.length > MOST_BYTES ? '…' : ''}`;
}
