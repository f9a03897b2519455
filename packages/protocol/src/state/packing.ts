import { fromHex, hexOf } from '../encode/bytes.ts';
import type { Address } from '../encode/kinds.ts';
import { numberIn, WORD, writeNumber } from '../encode/word.ts';

/** Bits of an address. */
const ADDRESS = 160;

/**
 * Packs values of whole bytes into one word, the first in the lowest bits: the layout of a Solidity struct in one slot.
 *
 * @throws RangeError when a number does not fit its bits.
 */
export function pack(...fields: readonly (readonly [bits: number, value: number] | Address)[]): Uint8Array {
  const word = new Uint8Array(WORD);
  let end = WORD;
  for (const field of fields) {
    if (typeof field === 'string') {
      const bytes = fromHex(field);
      word.set(bytes, end - bytes.length);
      end -= ADDRESS / 8;
    } else {
      const [bits, value] = field;
      const start = end - bits / 8;
      writeNumber(word, start, end, value);
      end = start;
    }
  }
  return word;
}

/** Reads values off a word packed by {@link pack}, in the same order. */
export interface Unpacker {
  number(bits: number): number;
  address(): Address;
}

export function unpack(word: Uint8Array): Unpacker {
  let start = WORD;
  return {
    number: (bits) => {
      const end = start;
      start -= bits / 8;
      return numberIn(word, start, end);
    },
    address: () => {
      const end = start;
      start -= ADDRESS / 8;
      return hexOf(word, start, end);
    },
  };
}
