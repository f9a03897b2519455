import { concat, fromHex } from './bytes.ts';

export const WORD = 32;

/** A 32-byte big-endian word, as the EVM and EIP-712 encode every static value. */
export function numberWord(value: number | bigint): Uint8Array {
  if (typeof value === 'bigint') return fromHex(`0x${value.toString(16).padStart(2 * WORD, '0')}`);
  const word = new Uint8Array(WORD);
  writeNumber(word, 0, WORD, value);
  return word;
}

/**
 * Writes a number big-endian, from `start` to before `end`.
 *
 * @throws RangeError when it is no whole number from zero up, or has more bytes.
 */
export function writeNumber(bytes: Uint8Array, start: number, end: number, value: number): void {
  let rest = value;
  for (let i = end - 1; i >= start; i--) {
    bytes[i] = rest % 256;
    rest = Math.floor(rest / 256);
  }
  if (rest !== 0 || !Number.isInteger(value)) throw new RangeError(`A number does not fit ${8 * (end - start)} bits`);
}

/** The big-endian number from `start` to before `end`, of at most six bytes. */
export function numberIn(bytes: Uint8Array, start: number, end: number): number {
  let value = 0;
  for (let i = start; i < end; i++) value = value * 256 + (bytes[i] ?? 0);
  return value;
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

/** The number in the word that begins at `at`, or `undefined` where it exceeds `bits` (at most 48). */
export function readNumber(bytes: Uint8Array, bits: number, at = 0): number | undefined {
  const end = at + WORD;
  const start = end - bits / 8;
  for (let i = at; i < start; i++) if ((bytes[i] ?? 0) !== 0) return undefined;
  return numberIn(bytes, start, end);
}
