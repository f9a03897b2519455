import { concat } from '@medseal/protocol';
import { MalformedObjectError } from '../errors/malformed-object-error.ts';
import { TILE_WIDTH } from './tile-path.ts';

const MAX_ENTRY = 0xffff;
const LENGTH_BYTES = 2;

/**
 * Entries one after the other, each behind its length in two bytes (C2SP tlog-tiles).
 *
 * @throws RangeError when there are not 1 to 256 of them, or one is longer than 65,535 bytes.
 */
export function encodeBundle(entries: readonly Uint8Array[]): Uint8Array {
  if (entries.length === 0 || entries.length > TILE_WIDTH) throw new RangeError('A bundle holds 1 to 256 entries');
  return concat(...entries.flatMap((entry) => [lengthOf(entry), entry]));
}

function lengthOf({ length }: Uint8Array): Uint8Array {
  if (length > MAX_ENTRY) throw new RangeError(`An entry of a bundle has at most ${MAX_ENTRY} bytes`);
  return Uint8Array.of(length >> 8, length & 0xff);
}

/**
 * The entries of a bundle that must hold `count` of them.
 *
 * @throws MalformedObjectError when it is cut short, or holds more or fewer.
 */
export function parseBundle(bytes: Uint8Array, count: number): readonly Uint8Array[] {
  const entries: Uint8Array[] = [];
  let position = 0;
  const take = (length: number): Uint8Array => {
    if (length > bytes.length - position) throw new MalformedObjectError('entry bundle', 'entry', 'is cut short');
    position += length;
    return bytes.slice(position - length, position);
  };
  while (entries.length < count) {
    const [high = 0, low = 0] = take(LENGTH_BYTES);
    entries.push(take(high * 256 + low));
  }
  if (position !== bytes.length) throw new MalformedObjectError('entry bundle', 'end', 'is followed by more bytes');
  return entries;
}
