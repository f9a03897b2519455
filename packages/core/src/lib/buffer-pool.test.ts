import { expect, it } from 'vitest';
import { bufferPool } from './buffer-pool.ts';

it('lends memory again once it is given back, and only then', () => {
  const pool = bufferPool();
  const [a, b] = [pool.take(100), pool.take(100)];
  expect(a.buffer).not.toBe(b.buffer);
  pool.give(a);
  const again = pool.take(60);
  expect(again.buffer).toBe(a.buffer);
  expect(again).toHaveLength(60);
  expect(pool.take(60).buffer).not.toBe(a.buffer);
});

it('takes a piece back once, in any part, and nothing that it did not lend', () => {
  const pool = bufferPool();
  const piece = pool.take(100);
  pool.give(piece.subarray(10, 20));
  pool.give(piece);
  pool.give(new Uint8Array(100));
  expect(pool.take(100).buffer).toBe(piece.buffer);
  expect(pool.take(100).buffer).not.toBe(piece.buffer);
});

it('makes new memory for more than it has, and keeps four buffers', () => {
  const pool = bufferPool();
  pool.give(pool.take(10));
  expect(pool.take(11).buffer.byteLength).toBe(11);
  const lent = Array.from({ length: 6 }, () => pool.take(100));
  for (const piece of lent) pool.give(piece);
  const own = new Set(lent.map(({ buffer }) => buffer));
  const again = Array.from({ length: 6 }, () => pool.take(100));
  // One of the four is the first buffer, of 10 bytes.
  expect(again.filter(({ buffer }) => own.has(buffer))).toHaveLength(3);
});
