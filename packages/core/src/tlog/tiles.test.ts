import { MalformedObjectError } from '../errors/malformed-object-error.ts';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { encodeBundle, parseBundle } from './entry-bundle.ts';
import { bundlePath, tilePath } from './tile-path.ts';

it('names tiles and bundles as C2SP tlog-tiles does', () => {
  expect(tilePath(0, 0)).toBe('tile/0/000');
  expect(tilePath(1, 67, 17)).toBe('tile/1/067.p/17');
  expect(tilePath(0, 1_234_067)).toBe('tile/0/x001/x234/067');
  expect(tilePath(63, 1000, 255)).toBe('tile/63/x001/000.p/255');
  expect(bundlePath(273, 112)).toBe('tile/entries/273.p/112');
  expect(bundlePath(999_999)).toBe('tile/entries/x999/999');
});

it('names no tile that can not be', () => {
  expect(() => tilePath(64, 0)).toThrow(RangeError);
  expect(() => tilePath(-1, 0)).toThrow(RangeError);
  expect(() => tilePath(0, -1)).toThrow(RangeError);
  expect(() => tilePath(0, 0, 0)).toThrow(RangeError);
  expect(() => bundlePath(0, 257)).toThrow(RangeError);
});

it('reads back the entries of a bundle, and no other bytes', () => {
  const entry = fc.uint8Array({ maxLength: 300 });
  fc.assert(
    fc.property(fc.array(entry, { minLength: 1, maxLength: 20 }), (entries) => {
      const bytes = encodeBundle(entries);
      expect(parseBundle(bytes, entries.length)).toEqual(entries);
      for (const [altered, count] of [
        [bytes.slice(0, -1), entries.length],
        [Uint8Array.of(...bytes, 0), entries.length],
        [bytes, entries.length + 1],
        [bytes, entries.length - 1],
      ] as const)
        expect(() => parseBundle(altered, count)).toThrow(MalformedObjectError);
    }),
  );
});

it('writes lengths in two bytes, big end first', () => {
  expect(encodeBundle([new Uint8Array(0x0102), new Uint8Array()]).slice(0, 3)).toEqual(Uint8Array.of(1, 2, 0));
  expect(parseBundle(encodeBundle([new Uint8Array(65_535)]), 1)[0]).toHaveLength(65_535);
});

it('bundles no entry that is too long, no 257 entries, and not none', () => {
  expect(() => encodeBundle([new Uint8Array(65_536)])).toThrow(RangeError);
  expect(() => encodeBundle(Array.from({ length: 257 }, () => new Uint8Array()))).toThrow(RangeError);
  expect(() => encodeBundle([])).toThrow(RangeError);
});
