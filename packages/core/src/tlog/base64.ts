/** Bytes that become characters in one call: engines limit the arguments. */
const PIECE = 8_192;

/** Standard base64 with padding (RFC 4648 section 4). */
export function toBase64(bytes: Uint8Array): string {
  let text = '';
  for (let start = 0; start < bytes.length; start += PIECE)
    // Bytes are spread by their iterator, six times as slow.
    text += Reflect.apply(String.fromCharCode, undefined, bytes.subarray(start, start + PIECE));
  return btoa(text);
}

/** Bytes of the one encoding that `toBase64` gives; `undefined` for any other text. */
export function fromBase64(text: string): Uint8Array | undefined {
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(text) || text.length % 4 !== 0) return undefined;
  const bytes = Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  // Unused bits that are set would give one value two texts.
  return toBase64(bytes) === text ? bytes : undefined;
}
