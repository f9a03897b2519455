import { concat } from '@medseal/protocol';
import { MalformedObjectError } from '../errors/malformed-object-error.ts';
import type { ByteCursor } from '../lib/byte-cursor.ts';
import { readObject } from '../lib/byte-reader.ts';
import { byteWriter } from '../lib/byte-writer.ts';
import { MAX_HEADER_BYTES } from './header.ts';

const MAGIC = 0x4d534c46;
const VERSION = 1;
const PREFIX_BYTES = 9;

/** What a sealed file begins with: magic ‖ version ‖ length of the header ‖ header. The payload follows to the end. */
export function frameHeader(header: Uint8Array): Uint8Array {
  if (header.length > MAX_HEADER_BYTES) throw new RangeError(`A header has at most ${MAX_HEADER_BYTES} bytes`);
  const prefix = byteWriter().u32(MAGIC, 'magic').u8(VERSION, 'version').u32(header.length, 'header length').done();
  return concat(prefix, header);
}

/**
 * The header of a sealed file. Reads no further than its end.
 *
 * @throws MalformedObjectError
 */
export async function takeHeader(file: ByteCursor): Promise<Uint8Array> {
  const prefix = await file.take(PREFIX_BYTES);
  const length = readObject(prefix, 'sealed file', (next) => {
    next.require(next.u32('magic') === MAGIC, 'magic', 'is unknown');
    next.require(next.u8('version') === VERSION, 'version', 'is unknown');
    const stated = next.u32('header length');
    next.require(stated <= MAX_HEADER_BYTES, 'header length', `is above ${MAX_HEADER_BYTES}`);
    return stated;
  });
  const header = await file.take(length);
  if (header.length < length) throw new MalformedObjectError('sealed file', 'header', 'is cut short');
  return header;
}
