import { concat, fromHex } from './bytes.ts';

export const WORD = 32;

/** A 32-byte big-endian word, as the EVM and EIP-712 encode every static value. */
export function numberWord(value: number | bigint): Uint8Array {
  return fromHex(`0x${value.toString(16).padStart(2 * WORD, '0')}`);
}

/** Right-aligns up to 32 bytes in a word (how the EVM holds an address). */
export function leftPad(bytes: Uint8Array): Uint8Array {
  return concat(new Uint8Array(WORD - bytes.length), bytes);
}

/** A tag naming the kind of a hash: ASCII, left-aligned in a word, as Solidity's `bytes32("…")`. */
export function tagWord(name: string): Uint8Array {
  const word = new Uint8Array(WORD);
  for (let i = 0; i < name.length; i++) word[i] = name.charCodeAt(i);
  return word;
}

/** The number in `word`, or `undefined` where it exceeds `bits` (at most 48). */
export function readNumber(word: Uint8Array, bits: number): number | undefined {
  const start = WORD - bits / 8;
  let value = 0;
  for (let i = 0; i < WORD; i++) {
    const byte = word[i] ?? 0;
    if (i >= start) value = value * 256 + byte;
    else if (byte !== 0) return undefined;
  }
  return value;
}
