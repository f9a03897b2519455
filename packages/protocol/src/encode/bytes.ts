import { bytesToHex, concatBytes, hexToBytes } from '@noble/hashes/utils.js';

/** Lower-case hex with `0x`. Addresses are 20 bytes, ids and digests 32. */
export type Hex = `0x${string}`;

/** Bytes up to which `toHex` makes its text in one piece; ids, digests, addresses and signatures are shorter. */
const SHORT = 128;

const ascii = new TextDecoder();
/** What `toHex` has its text made of: `0x`, then digits. */
const codes = new Uint8Array(2 + 2 * SHORT);
codes.set([0x30, 0x78]);

export function toHex(bytes: Uint8Array): Hex {
  const { length } = bytes;
  if (length > SHORT) return `0x${bytesToHex(bytes)}`;
  // Text that is put together digit by digit stays a rope in the engine and takes several times the memory; a reader of a
  // long log keeps very many of these.
  for (let index = 0; index < length; index++) {
    const byte = bytes[index] ?? 0;
    codes[2 + 2 * index] = digitCode(byte >> 4);
    codes[3 + 2 * index] = digitCode(byte & 15);
  }
  return ascii.decode(codes.subarray(0, 2 + 2 * length)) as Hex;
}

function digitCode(digit: number): number {
  return digit + (digit < 10 ? 0x30 : 0x57);
}

/** @throws Error when `hex` is not an even number of hex digits behind `0x`. */
export function fromHex(hex: Hex): Uint8Array {
  return hexToBytes(hex.slice(2));
}

export function concat(...parts: Uint8Array[]): Uint8Array {
  return concatBytes(...parts);
}

export function isHex(value: unknown, bytes: number): value is Hex {
  return typeof value === 'string' && value.length === 2 + 2 * bytes && /^0x[0-9a-f]*$/.test(value);
}
