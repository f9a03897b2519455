import { bytesToHex, concatBytes, hexToBytes } from '@noble/hashes/utils.js';

/** Lower-case hex with `0x`. Addresses are 20 bytes, ids and digests 32. */
export type Hex = `0x${string}`;

/** Bytes up to which `toHex` makes its text in one piece; ids, digests, addresses and signatures are shorter. */
const SHORT = 128;

/** Character codes of the two digits of each byte. */
const digits = new Uint8Array(2 * 256);
for (let byte = 0; byte < 256; byte++) digits.set([digitCode(byte >> 4), digitCode(byte & 15)], 2 * byte);

function digitCode(digit: number): number {
  return digit + (digit < 10 ? 0x30 : 0x57);
}

const ascii = new TextDecoder();
/** What `toHex` has its text made of: `0x`, then digits. */
const codes = new Uint8Array(2 + 2 * SHORT);
codes.set([0x30, 0x78]);
/** The codes of the text of so many bytes. */
const codesFor: readonly Uint8Array[] = Array.from({ length: SHORT + 1 }, (_, length) =>
  codes.subarray(0, 2 + 2 * length),
);
// Both digits of a byte are moved at once: the order of bytes in 16 bits is the same on both sides.
const digitPairs = new Uint16Array(digits.buffer);
const codePairs = new Uint16Array(codes.buffer);

export function toHex(bytes: Uint8Array): Hex {
  return hexOf(bytes, 0, bytes.length);
}

/** Hex of the bytes from `start` to before `end`. */
export function hexOf(bytes: Uint8Array, start: number, end: number): Hex {
  const text = codesFor[end - start];
  if (text === undefined) return `0x${bytesToHex(bytes.subarray(start, end))}`;
  // Text that is put together digit by digit stays a rope in the engine and takes several times the memory; a reader of a
  // long log keeps very many of these.
  let pair = 1;
  for (let index = start; index < end; index++) codePairs[pair++] = digitPairs[bytes[index] ?? 0] ?? 0;
  return ascii.decode(text) as Hex;
}

/** The value of each character code that is a hex digit; all others have one above 15. */
const values = new Uint8Array(128).fill(0xff);
for (let digit = 0; digit < 16; digit++) {
  const lower = digitCode(digit);
  values[lower] = digit;
  if (digit > 9) values[lower - 0x20] = digit;
}

/** @throws Error when `hex` is not an even number of hex digits behind `0x`. */
export function fromHex(hex: Hex): Uint8Array {
  const { length } = hex;
  if (length < 2 || length % 2 !== 0) return hexToBytes(hex.slice(2));
  const bytes = new Uint8Array(length / 2 - 1);
  let at = 2;
  for (let index = 0; index < bytes.length; index++) {
    const high = values[hex.charCodeAt(at++)] ?? 0xff;
    const low = values[hex.charCodeAt(at++)] ?? 0xff;
    if ((high | low) > 15) return hexToBytes(hex.slice(2)); // says what is wrong
    bytes[index] = (high << 4) | low;
  }
  return bytes;
}

export function concat(...parts: Uint8Array[]): Uint8Array {
  return concatBytes(...parts);
}

export function isHex(value: unknown, bytes: number): value is Hex {
  return typeof value === 'string' && value.length === 2 + 2 * bytes && /^0x[0-9a-f]*$/.test(value);
}
