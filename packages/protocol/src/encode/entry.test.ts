import { sha256 } from '@noble/hashes/sha2.js';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isLedgerCode, type LedgerCode, rejections } from '../rejections.ts';
import { concat } from './bytes.ts';
import { decodeEntry, emptyLogDigest, encodeEntry, type EntryBody, extendLogDigest } from './entry.ts';

const codes = (Object.keys(rejections) as LedgerCode[]).filter(isLedgerCode);

const entry: fc.Arbitrary<EntryBody> = fc.record({
  time: fc.oneof(fc.constantFrom(0, 1, 2 ** 32, 2 ** 40 - 1), fc.nat()),
  wire: fc.uint8Array({ maxLength: 400 }),
  violation: fc.option(fc.constantFrom(...codes), { nil: undefined }),
});

test('an entry comes back from its bytes', () => {
  fc.assert(
    fc.property(entry, (body) => {
      expect(decodeEntry(encodeEntry(body))).toEqual(body);
    }),
  );
});

test('an entry is five bytes of time, one of code, then the wire', () => {
  const wire = Uint8Array.of(9, 8, 7);
  expect([...encodeEntry({ time: 0x0102030405, wire })]).toEqual([1, 2, 3, 4, 5, 0, 9, 8, 7]);
  expect([...encodeEntry({ time: 1, wire, violation: 'GRANT_EXPIRED' })]).toEqual([0, 0, 0, 0, 1, 24, 9, 8, 7]);
});

test('the wire is its own memory, also where the bytes are a Buffer of Node.js, whose slices are views', () => {
  const bytes = Buffer.from(encodeEntry({ time: 1, wire: Uint8Array.of(9, 8, 7) }));
  const { wire } = decodeEntry(bytes);
  bytes.fill(0);
  expect(wire).toStrictEqual(Uint8Array.of(9, 8, 7));
});

test('a short entry and an unknown code are refused', () => {
  for (let length = 0; length < 6; length++) expect(() => decodeEntry(new Uint8Array(length))).toThrow(RangeError);
  const known = new Set(codes.map((code) => rejections[code].number));
  for (let number = 1; number < 256; number++) {
    const bytes = Uint8Array.of(0, 0, 0, 0, 0, number);
    if (known.has(number)) expect(decodeEntry(bytes).violation).toBeDefined();
    else expect(() => decodeEntry(bytes)).toThrow(RangeError);
  }
});

test('a time beyond 40 bits is not written as another time', () => {
  for (const time of [-1, 0.5, 2 ** 40, Number.NaN])
    expect(() => encodeEntry({ time, wire: new Uint8Array() })).toThrow(RangeError);
});

test('the log digest chains: it depends on every entry and on their order', () => {
  const log: readonly EntryBody[] = [
    { time: 1, wire: Uint8Array.of(1) },
    { time: 1, wire: Uint8Array.of(2) },
    { time: 2, wire: Uint8Array.of(1), violation: 'NO_GRANT' },
  ];
  const digestOf = (entries: readonly EntryBody[]): string =>
    entries.reduce((digest, body) => extendLogDigest(digest, body), emptyLogDigest).toString();
  const [a, b, c] = log as [EntryBody, EntryBody, EntryBody];
  const logs = [
    [],
    [a],
    [a, b],
    [b, a],
    [a, b, c],
    [a, c, b],
    [a, b, { ...c, violation: undefined }],
    [a, b, { ...c, time: 3 }],
  ];
  expect(new Set(logs.map(digestOf)).size).toBe(logs.length);
  expect(extendLogDigest(emptyLogDigest, a)).toEqual(sha256(concat(new Uint8Array(32), encodeEntry(a))));
});
