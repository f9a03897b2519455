import type { Level } from '@medseal/protocol';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MalformedObjectError } from '../errors/malformed-object-error.ts';
import { type ByteReader, readObject } from './byte-reader.ts';
import { byteWriter } from './byte-writer.ts';

interface Everything {
  readonly numbers: readonly number[];
  readonly flag: boolean;
  readonly level: Level;
  readonly fixed: Uint8Array;
  readonly bytes: Uint8Array;
  readonly text: string;
}

function write(value: Everything): Uint8Array {
  const [a = 0, b = 0, c = 0, d = 0, e = 0] = value.numbers;
  return byteWriter()
    .u8(a, 'a')
    .u16(b, 'b')
    .u32(c, 'c')
    .u40(d, 'd')
    .u48(e, 'e')
    .flag(value.flag, 'flag')
    .level(value.level, 'level')
    .fixed(value.fixed, 4, 'fixed')
    .bytes(value.bytes, 20, 'bytes')
    .utf8(value.text, 40, 'text')
    .done();
}

function read(bytes: Uint8Array): Everything {
  return readObject(bytes, 'everything', (next) => ({
    numbers: [next.u8('a'), next.u16('b'), next.u32('c'), next.u40('d'), next.u48('e')],
    flag: next.flag('flag'),
    level: next.level('level'),
    fixed: next.fixed(4, 'fixed'),
    bytes: next.bytes(20, 'bytes'),
    text: next.utf8(40, 'text'),
  }));
}

const everything: fc.Arbitrary<Everything> = fc.record({
  numbers: fc.tuple(...[1, 2, 4, 5, 6].map((width) => fc.integer({ min: 0, max: 256 ** width - 1 }))),
  flag: fc.boolean(),
  level: fc.constantFrom<Level>('low', 'moderate', 'private'),
  fixed: fc.uint8Array({ minLength: 4, maxLength: 4 }),
  bytes: fc.uint8Array({ maxLength: 20 }),
  text: fc.string({ unit: 'grapheme-composite', maxLength: 4 }).filter((t) => new TextEncoder().encode(t).length <= 40),
});

function readAs<T>(bytes: readonly number[], take: (next: ByteReader) => T): T {
  return readObject(Uint8Array.from(bytes), 'thing', take);
}

describe('byte writer and reader', () => {
  it('round trip', () => {
    fc.assert(
      fc.property(everything, (value) => {
        expect(read(write(value))).toEqual(value);
      }),
    );
  });

  it('read what arbitrary bytes say in one way or not at all', () => {
    fc.assert(
      fc.property(everything, fc.nat(), fc.nat(255), (value, at, byte) => {
        const bytes = write(value);
        bytes[at % bytes.length] = byte;
        try {
          expect(write(read(bytes))).toEqual(bytes);
        } catch (error) {
          expect(error).toBeInstanceOf(MalformedObjectError);
        }
      }),
    );
  });

  it('writes big-endian, lengths in four bytes', () => {
    const bytes = byteWriter().u40(0x0102030405, 'n').utf8('é', 2, 't').hex('0xab', 1, 'h').done();
    expect([...bytes]).toEqual([1, 2, 3, 4, 5, 0, 0, 0, 2, 0xc3, 0xa9, 0xab]);
  });

  it.each<readonly [string, readonly number[], (next: ByteReader) => unknown, string]>([
    ['a number cut short', [1], (next) => next.u16('n'), 'n'],
    ['a length cut short', [0, 0, 0], (next) => next.bytes(9, 'b'), 'b'],
    ['bytes cut short', [0, 0, 0, 2, 1], (next) => next.bytes(9, 'b'), 'b'],
    ['bytes above the limit', [0, 0, 0, 2, 1, 1], (next) => next.bytes(1, 'b'), 'b'],
    ['a length of four gigabytes', [255, 255, 255, 255], (next) => next.bytes(2 ** 32, 'b'), 'b'],
    ['a flag of 2', [2], (next) => next.flag('f'), 'f'],
    ['level 0', [0], (next) => next.level('l'), 'l'],
    ['level 4', [4], (next) => next.level('l'), 'l'],
    ['an overlong UTF-8 form', [0, 0, 0, 2, 0xc0, 0x80], (next) => next.utf8(9, 't'), 't'],
    ['a UTF-8 surrogate', [0, 0, 0, 3, 0xed, 0xa0, 0x80], (next) => next.utf8(9, 't'), 't'],
    ['half a UTF-8 character', [0, 0, 0, 1, 0xc3], (next) => next.utf8(9, 't'), 't'],
    ['bytes behind the end', [1, 2], (next) => next.u8('n'), 'end'],
    ['a rule that does not hold', [1], (next) => next.require(next.u8('n') === 2, 'n', 'is not 2'), 'n'],
  ])('refuses %s, naming the field', (_, bytes, take, field) => {
    const error = ((): unknown => {
      try {
        readAs(bytes, take);
      } catch (thrown) {
        return thrown;
      }
      return undefined;
    })();
    expect(error).toBeInstanceOf(MalformedObjectError);
    expect(error).toMatchObject({ object: 'thing', field, code: 'MALFORMED_OBJECT', retryable: false });
  });

  it('keeps a byte order mark, so that a text has one encoding', () => {
    expect(readAs([0, 0, 0, 4, 0xef, 0xbb, 0xbf, 0x41], (next) => next.utf8(9, 't'))).toBe('\uFEFFA');
  });

  it('keeps the cause where another parser refused', () => {
    const cause = new Error('not on the curve');
    const call = (): unknown =>
      readAs([1], (next) =>
        next.parsed(1, 'key', () => {
          throw cause;
        }),
      );
    expect(call).toThrow(expect.objectContaining({ field: 'key', cause }));
  });

  it.each<readonly [string, () => unknown]>([
    ['256 in a byte', () => byteWriter().u8(256, 'n')],
    ['a negative number', () => byteWriter().u32(-1, 'n')],
    ['a fraction', () => byteWriter().u32(0.5, 'n')],
    ['an unsafe number', () => byteWriter().u48(2 ** 48, 'n')],
    ['upper-case hex', () => byteWriter().hex('0xAB', 1, 'n')],
    ['hex of another length', () => byteWriter().hex('0xab', 2, 'n')],
    ['bytes of another length', () => byteWriter().fixed(new Uint8Array(3), 4, 'n')],
    ['too many bytes', () => byteWriter().bytes(new Uint8Array(3), 2, 'n')],
    ['text too long in bytes', () => byteWriter().utf8('é', 1, 'n')],
    ['a lone surrogate', () => byteWriter().utf8('\uD800', 9, 'n')],
    ['an unknown level', () => byteWriter().level('top' as Level, 'n')],
  ])('does not write %s', (_, call) => {
    expect(call).toThrow(RangeError);
    expect(call).toThrow(/^n must/);
  });
});
