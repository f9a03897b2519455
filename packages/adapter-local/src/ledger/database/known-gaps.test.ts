import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Block, LAST, prefixOf } from './block.ts';
import { sha256 } from './checksum.ts';
import { KnownGaps } from './known-gaps.ts';

const SIZE = 32;
const keyOf = (n: number): Buffer => Buffer.from(sha256(`key ${n}`));
const keys = (from: number, to: number): readonly Buffer[] =>
  Array.from({ length: to - from }, (_, n) => keyOf(from + n)).toSorted((a, b) => a.compare(b));

/** Blocks of so many keys each, without values. */
function blocksOf(all: readonly Buffer[], each: number): readonly Block[] {
  const starts = Array.from({ length: Math.ceil(all.length / each) }, (_, n) => n * each);
  const lowAt = (start: number): number => (start === 0 ? 0 : prefixOf(all[start] ?? Buffer.alloc(SIZE, 0xff)));
  return starts.map((start) => ({
    low: lowAt(start),
    last: start + each < all.length ? lowAt(start + each) - 1 : LAST,
    records: Buffer.concat(all.slice(start, start + each)),
  }));
}

test('a key of a block is in no gap, in whichever order blocks are read', () => {
  const order = fc.array(fc.nat(), { minLength: 1, maxLength: 40 });
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 400 }), fc.integer({ min: 1, max: 50 }), order, (count, each, reads) => {
      const gaps = new KnownGaps();
      const all = keys(0, count);
      const blocks = blocksOf(all, each);
      for (const read of reads) {
        const block = blocks[read % blocks.length];
        if (block !== undefined) gaps.add(block, SIZE);
        for (const key of all) expect(gaps.has(key)).toBe(false);
      }
    }),
    { numRuns: 50 },
  );
});

test('nothing is a gap in a block that was not read', () => {
  const gaps = new KnownGaps();
  for (const key of keys(0, 100)) expect(gaps.has(key)).toBe(false);
  const [first, ...others] = blocksOf(keys(100, 500), 100);
  if (first !== undefined) gaps.add(first, SIZE);
  const inside = ({ low, last }: Block, key: Buffer): boolean => low <= prefixOf(key) && prefixOf(key) <= last;
  for (const block of others)
    for (const key of keys(1_000, 2_000)) if (inside(block, key)) expect(gaps.has(key)).toBe(false);
});

test('nearly all keys that a table has not are in gaps, once it is read', () => {
  const gaps = new KnownGaps();
  for (const block of blocksOf(keys(0, 20_000), 70)) gaps.add(block, SIZE);
  expect(keys(20_000, 30_000).filter((key) => gaps.has(key)).length).toBeGreaterThan(9_900);
});

test('a key that comes is in no gap any more', () => {
  const gaps = new KnownGaps();
  gaps.add({ low: 0, last: LAST, records: Buffer.of() }, SIZE);
  for (const key of keys(0, 1_000)) {
    expect(gaps.has(key)).toBe(true);
    gaps.remove(key);
    expect(gaps.has(key)).toBe(false);
  }
});
