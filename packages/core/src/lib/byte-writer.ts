import { concat, fromHex, type Hex, isHex, type Level, levels } from '@medseal/protocol';

/**
 * Writes the canonical bytes of one object, field by field. Numbers are big-endian; what has no fixed length carries it
 * in four bytes before it. A value that does not fit throws `RangeError` naming its field.
 */
export interface ByteWriter {
  u8(value: number, field: string): ByteWriter;
  u16(value: number, field: string): ByteWriter;
  u32(value: number, field: string): ByteWriter;
  /** Seconds since 1970. */
  u40(value: number, field: string): ByteWriter;
  u48(value: number, field: string): ByteWriter;
  flag(value: boolean, field: string): ByteWriter;
  /** One byte: 1 low, 2 moderate, 3 private. */
  level(value: Level, field: string): ByteWriter;
  /** As many bytes as stated, without a length before them. */
  hex(value: Hex, length: number, field: string): ByteWriter;
  /** As many bytes as stated, without a length before them. */
  fixed(value: Uint8Array, length: number, field: string): ByteWriter;
  bytes(value: Uint8Array, max: number, field: string): ByteWriter;
  /** UTF-8; `max` counts its bytes. */
  utf8(value: string, max: number, field: string): ByteWriter;
  done(): Uint8Array;
}

export function byteWriter(): ByteWriter {
  const parts: Uint8Array[] = [];
  const push = (bytes: Uint8Array): ByteWriter => {
    parts.push(bytes);
    return writer;
  };
  const number = (value: number, width: number, field: string): ByteWriter => push(numberBytes(value, width, field));
  const fixed = (value: Uint8Array, length: number, field: string): ByteWriter => {
    if (value.length !== length) throw new RangeError(`${field} must be ${length} bytes`);
    return push(value.slice());
  };
  const bytes = (value: Uint8Array, max: number, field: string): ByteWriter => {
    if (value.length > max) throw new RangeError(`${field} must be at most ${max} bytes`);
    number(value.length, 4, field);
    return push(value.slice());
  };
  const writer: ByteWriter = {
    u8: (value, field) => number(value, 1, field),
    u16: (value, field) => number(value, 2, field),
    u32: (value, field) => number(value, 4, field),
    u40: (value, field) => number(value, 5, field),
    u48: (value, field) => number(value, 6, field),
    flag: (value, field) => number(value ? 1 : 0, 1, field),
    level: (value, field) => number(levelNumber(value, field), 1, field),
    hex: (value, length, field) => {
      if (!isHex(value, length)) throw new RangeError(`${field} must be 0x and ${length} bytes in lower-case hex`);
      return push(fromHex(value));
    },
    fixed,
    bytes,
    utf8: (value, max, field) => {
      // TextEncoder would replace a lone surrogate, and the text read back would be another one.
      if (!value.isWellFormed()) throw new RangeError(`${field} must be well-formed Unicode`);
      return bytes(new TextEncoder().encode(value), max, field);
    },
    done: () => concat(...parts),
  };
  return writer;
}

function numberBytes(value: number, width: number, field: string): Uint8Array {
  if (!Number.isInteger(value) || value < 0 || value >= 256 ** width)
    throw new RangeError(`${field} must be a whole number of at most ${width} bytes`);
  const bytes = new Uint8Array(width);
  for (let i = width - 1, rest = value; i >= 0; i--, rest = Math.floor(rest / 256)) bytes[i] = rest % 256;
  return bytes;
}

function levelNumber(value: Level, field: string): number {
  const index = levels.indexOf(value);
  if (index < 0) throw new RangeError(`${field} must be one of ${levels.join(', ')}`);
  return index + 1;
}
