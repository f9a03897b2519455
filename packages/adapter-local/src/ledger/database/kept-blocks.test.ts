import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Block, LAST } from './block.ts';
import { KeptBlocks } from './kept-blocks.ts';

const prefix = fc.maxSafeNat().map((n) => n % (LAST + 1));

/** Blocks that together cover these keys, each beginning at one of the places. */
function divide(low: number, last: number, places: readonly number[]): readonly Block[] {
  const inside = places.filter((place) => place > low && place <= last).toSorted((a, b) => a - b);
  const lows = [...new Set([low, ...inside])];
  return lows.map((at, i) => ({ low: at, last: (lows[i + 1] ?? last + 1) - 1, records: Buffer.of() }));
}

const even = (count: number): readonly number[] =>
  Array.from({ length: count }, (_, n) => Math.floor((n * (LAST + 1)) / count));

test('finds no block but the one that is there now', () => {
  fc.assert(
    fc.property(fc.array(prefix), fc.array(prefix), fc.array(prefix), (places, others, wanted) => {
      const kept = new KeptBlocks();
      const blocks = divide(0, LAST, places);
      for (const block of blocks) kept.put(block);
      const parts = blocks.flatMap(({ low, last }) => divide(low, last, others));
      for (const part of parts) kept.put(part);
      for (const one of [...wanted, ...places, ...others, 0, LAST]) {
        const found = kept.find(one);
        if (found !== undefined) expect(parts.find(({ low, last }) => low <= one && one <= last)).toBe(found);
      }
    }),
  );
});

test('keeps all blocks of a table with fewer than parts, in whichever order they come', () => {
  const kept = new KeptBlocks();
  const blocks = divide(0, LAST, even(1_000));
  for (const block of blocks.toReversed()) kept.put(block);
  for (const block of blocks) for (const at of [block.low, block.last]) expect(kept.find(at)).toBe(block);
});

test('keeps a bounded number of blocks of a large table, the same whatever is asked for', () => {
  const kept = new KeptBlocks();
  const blocks = divide(0, LAST, even(10_000));
  for (const block of blocks) kept.put(block);
  const first = blocks.filter(({ low }) => kept.find(low) !== undefined);
  expect(first.length).toBeGreaterThan(1_500);
  expect(first.length).toBeLessThan(1_537);
  for (const block of blocks.toReversed()) kept.put(block);
  expect(blocks.filter(({ low }) => kept.find(low) !== undefined)).toEqual(first);
});
