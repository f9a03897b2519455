import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { values } from '../../test/arbitraries.ts';
import { decodeRoles, encodeRoles, type FieldKind, type FieldValue, kinds, levels, reaches, roles } from './kinds.ts';
import { leftPad, numberWord, WORD } from './word.ts';

const names = Object.keys(kinds) as FieldKind[];

/** Bits of a word that carry the value; all others must be zero. */
const width: Readonly<Record<FieldKind, number>> = {
  participant: 160,
  id: 256,
  digest: 256,
  commitment: 256,
  salt: 256,
  time: 40,
  version: 32,
  epoch: 32,
  level: 2,
  roles: 9,
  flag: 1,
};

function flip(word: Uint8Array, bit: number): Uint8Array {
  const changed = Uint8Array.from(word);
  const at = WORD - 1 - Math.floor(bit / 8);
  changed[at] = (changed[at] ?? 0) ^ (1 << (bit % 8));
  return changed;
}

describe.each(names)('kind %s', (name) => {
  const kind = kinds[name];

  it('gives back every value that it encodes', () => {
    fc.assert(
      fc.property(values[name], (value) => {
        const word = kind.encode(value as FieldValue);
        expect(word).toHaveLength(WORD);
        expect(word === undefined ? undefined : kind.decode(word)).toEqual(value);
      }),
    );
  });

  it('reads a word in the midst of others as it reads the word alone', () => {
    const strange = fc.uint8Array({ minLength: WORD, maxLength: WORD });
    fc.assert(
      fc.property(fc.oneof(strange, values[name]), fc.uint8Array({ maxLength: 40 }), (value, before) => {
        const word = value instanceof Uint8Array ? value : (kind.encode(value as FieldValue) ?? new Uint8Array(WORD));
        const bytes = Uint8Array.from([...before, ...word, 255]);
        expect(kind.decode(bytes, before.length)).toEqual(kind.decode(word));
      }),
    );
  });

  it('refuses each single bit set outside its width', () => {
    fc.assert(
      fc.property(values[name], (value) => {
        const word = kind.encode(value as FieldValue) ?? new Uint8Array();
        for (let bit = width[name]; bit < 256; bit++) expect(kind.decode(flip(word, bit))).toBeUndefined();
      }),
      { numRuns: 10 },
    );
  });

  it('reads each word one way: what decodes, encodes to the same word', () => {
    expect.hasAssertions();
    const anyWord = fc.oneof(
      fc.uint8Array({ minLength: WORD, maxLength: WORD }),
      fc.nat(1024).map((n) => numberWord(n)),
      values[name].map((value) => kind.encode(value as FieldValue) ?? new Uint8Array(WORD)),
    );
    fc.assert(
      fc.property(anyWord, (word) => {
        const value = kind.decode(word);
        expect(value === undefined ? word : kind.encode(value)).toEqual(word);
      }),
    );
  });
});

test.each<[FieldKind, readonly unknown[]]>([
  ['participant', [`0x${'00'.repeat(19)}`, `0x${'AB'.repeat(20)}`, '00'.repeat(20), `0x${'0g'.repeat(20)}`, 0, null]],
  ['id', [`0x${'00'.repeat(31)}`, `0x${'00'.repeat(33)}`, `0x${'AA'.repeat(32)}`, new Uint8Array(32), 1n]],
  ['time', [-1, 0.5, 2 ** 40, Number.NaN, Number.POSITIVE_INFINITY, '1', 1n, true]],
  ['version', [-1, 2 ** 32, '0']],
  ['epoch', [-1, 2 ** 32, '0']],
  ['level', ['LOW', '', 0, 1, 'toString', null]],
  ['roles', [[], ['patient', 'nobody'], 'patient', 1, [undefined]]],
  ['flag', [0, 1, 'true', null]],
])('kind %s encodes nothing that is not of it', (name, strange) => {
  for (const value of strange) expect(kinds[name].encode(value as FieldValue)).toBeUndefined();
});

test('levels are 1, 2, 3 on the wire, and nothing else', () => {
  expect(levels.map((level) => kinds.level.encode(level)?.at(-1))).toEqual([1, 2, 3]);
  expect(kinds.level.decode(numberWord(0))).toBeUndefined();
  expect(kinds.level.decode(numberWord(4))).toBeUndefined();
});

test('roles are bits from 1 to 256; none at all and a tenth are refused', () => {
  expect(roles.map((role) => encodeRoles([role]))).toEqual([1, 2, 4, 8, 16, 32, 64, 128, 256]);
  expect(kinds.roles.decode(numberWord(0))).toBeUndefined();
  expect(kinds.roles.decode(numberWord(511))).toEqual(roles);
  expect(kinds.roles.decode(numberWord(512))).toBeUndefined();
});

test('a set of roles has no order and no repeats', () => {
  expect(encodeRoles(['provider', 'patient', 'provider'])).toBe(6);
  expect(decodeRoles(6)).toEqual(['patient', 'provider']);
  expect(encodeRoles(['patient', 'king'])).toBeUndefined();
});

test('a flag is 0 or 1', () => {
  expect(kinds.flag.decode(numberWord(0))).toBe(false);
  expect(kinds.flag.decode(numberWord(1))).toBe(true);
  expect(kinds.flag.decode(numberWord(2))).toBeUndefined();
});

test('an address stands right in its word', () => {
  const word = kinds.participant.encode(`0x${'11'.repeat(20)}`);
  expect(word).toEqual(leftPad(new Uint8Array(20).fill(0x11)));
});

test('a level reaches itself and those below', () => {
  const pairs = levels.flatMap((a) => levels.filter((b) => reaches(a, b)).map((b) => `${a}>=${b}`));
  expect(pairs).toEqual([
    'low>=low',
    'moderate>=low',
    'moderate>=moderate',
    'private>=low',
    'private>=moderate',
    'private>=private',
  ]);
});
