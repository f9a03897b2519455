import { sha256 } from '@noble/hashes/sha2.js';
import { type LedgerCode, ledgerCode, rejections } from '../rejections.ts';
import { concat } from './bytes.ts';
import { numberIn, writeNumber } from './word.ts';

/** What a ledger emits for each command that it accepted, and nothing else. */
export interface EntryBody {
  /** Ledger time, seconds. */
  readonly time: number;
  readonly wire: Uint8Array;
  /** Absent: applied. Present: a violation, logged under this code. */
  readonly violation?: LedgerCode | undefined;
}

/** Bytes of the time; the code stands behind it. */
const TIME = 5;
/** Bytes of time and code. */
const HEAD = TIME + 1;

/**
 * Canonical bytes of an entry: time (5) ‖ code (1, 0 = applied) ‖ wire.
 *
 * @throws RangeError when the time is no whole number of 40 bits.
 */
export function encodeEntry({ time, wire, violation }: EntryBody): Uint8Array {
  if (!Number.isInteger(time) || time < 0 || time >= 2 ** 40) throw new RangeError('The time of an entry is no uint40');
  const bytes = new Uint8Array(HEAD + wire.length);
  writeNumber(bytes, 0, TIME, time);
  bytes[TIME] = violation === undefined ? 0 : rejections[violation].number;
  bytes.set(wire, HEAD);
  return bytes;
}

/** @throws RangeError when the bytes are no entry. */
export function decodeEntry(bytes: Uint8Array): EntryBody {
  const number = bytes[TIME];
  if (number === undefined) throw new RangeError('An entry of the log is too short');
  const violation = ledgerCode(number);
  if (number !== 0 && violation === undefined) throw new RangeError('An entry of the log has an unknown code');
  // Not `slice`, which gives a view where the bytes are a Buffer of Node.js.
  return { time: numberIn(bytes, 0, TIME), wire: new Uint8Array(bytes.subarray(HEAD)), violation };
}

/** Running digest of a log: two readers of the same entries have the same, whatever their cursors. */
export function extendLogDigest(digest: Uint8Array, entry: EntryBody): Uint8Array {
  return sha256(concat(digest, encodeEntry(entry)));
}

/** Digest of the empty log. */
export const emptyLogDigest: Uint8Array = new Uint8Array(32);
