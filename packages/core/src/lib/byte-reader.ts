import { type Hex, type Level, levels, toHex } from '@medseal/protocol';
import { MalformedObjectError } from '../errors/malformed-object-error.ts';

/**
 * Reads what a `ByteWriter` wrote, in the same order. Anything else throws `MalformedObjectError` naming the field, so
 * that an object has one encoding.
 */
export interface ByteReader {
  u8(field: string): number;
  u16(field: string): number;
  u32(field: string): number;
  u40(field: string): number;
  u48(field: string): number;
  flag(field: string): boolean;
  level(field: string): Level;
  hex(length: number, field: string): Hex;
  fixed(length: number, field: string): Uint8Array;
  bytes(max: number, field: string): Uint8Array;
  utf8(max: number, field: string): string;
  /** Reads `length` bytes through a function that throws when they are not what it reads, such as a public key. */
  parsed<T>(length: number, field: string, fromBytes: (bytes: Uint8Array) => T): T;
  /** Bytes that have not been read yet. */
  left(): number;
  /** Throws where a rule between fields does not hold. */
  require(condition: boolean, field: string, what: string): void;
}

/**
 * Reads one object with `read` and requires that nothing follows it. What comes out shares no memory with the input.
 *
 * @throws MalformedObjectError
 */
export function readObject<T>(bytes: Uint8Array, object: string, read: (next: ByteReader) => T): T {
  const source = Uint8Array.from(bytes);
  let position = 0;
  const malformed = (field: string, what: string, options?: ErrorOptions): MalformedObjectError =>
    new MalformedObjectError(object, field, what, options);
  const take = (length: number, field: string): Uint8Array => {
    if (length > source.length - position) throw malformed(field, 'is cut short');
    position += length;
    return source.slice(position - length, position);
  };
  const number = (width: number, field: string): number =>
    take(width, field).reduce((value, byte) => value * 256 + byte, 0);
  const variable = (max: number, field: string): Uint8Array => {
    const length = number(4, field);
    if (length > max) throw malformed(field, `is longer than ${max} bytes`);
    return take(length, field);
  };
  const parsed = <V>(length: number, field: string, fromBytes: (taken: Uint8Array) => V): V => {
    const taken = take(length, field);
    try {
      return fromBytes(taken);
    } catch (cause) {
      throw malformed(field, 'is not valid', { cause });
    }
  };

  const reader: ByteReader = {
    u8: (field) => number(1, field),
    u16: (field) => number(2, field),
    u32: (field) => number(4, field),
    u40: (field) => number(5, field),
    u48: (field) => number(6, field),
    flag: (field) => {
      const byte = number(1, field);
      if (byte > 1) throw malformed(field, 'is not 0 or 1');
      return byte === 1;
    },
    level: (field) => {
      const level = levels[number(1, field) - 1];
      if (level === undefined) throw malformed(field, 'is not a level');
      return level;
    },
    hex: (length, field) => toHex(take(length, field)),
    fixed: take,
    bytes: variable,
    utf8: (max, field) => strictUtf8(variable(max, field), () => malformed(field, 'is not UTF-8')),
    parsed,
    left: () => source.length - position,
    require: (condition, field, what) => {
      if (!condition) throw malformed(field, what);
    },
  };
  const value = read(reader);
  if (position !== source.length) throw malformed('end', 'is followed by more bytes');
  return value;
}

function strictUtf8(bytes: Uint8Array, error: () => MalformedObjectError): string {
  try {
    // `ignoreBOM` keeps a byte order mark in the text: dropped, two encodings would give the same text.
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw error();
  }
}
