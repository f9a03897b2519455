import { type Hex, toHex } from '../encode/bytes.ts';
import { numberWord } from '../encode/word.ts';

/** Packs unsigned values into one word, the first in the lowest bits: the layout of a Solidity struct in one slot. */
export function pack(...fields: readonly (readonly [bits: number, value: number | bigint])[]): Uint8Array {
  let word = 0n;
  let shift = 0n;
  for (const [bits, value] of fields) {
    word |= BigInt(value) << shift;
    shift += BigInt(bits);
  }
  return numberWord(word);
}

/** Reads values off a word packed by {@link pack}. */
export function unpack(word: Uint8Array): (bits: number) => bigint {
  let rest = BigInt(toHex(word));
  return (bits) => {
    const value = rest & ((1n << BigInt(bits)) - 1n);
    rest >>= BigInt(bits);
    return value;
  };
}

export function addressOf(value: bigint): Hex {
  return `0x${value.toString(16).padStart(40, '0')}`;
}
