import { expect, test } from 'vitest';
import { runFixture } from './child.ts';

test('a process waits for a thread that it ends, also where that had just begun', () => {
  expect(runFixture('end-threads.ts', [])).toBe('ended\n');
});

test('a process waits for what a thread is to find, and not for the thread', () => {
  const started = performance.now();
  expect(runFixture('leave-threads.ts', [])).toBe('{"code":"MALFORMED"}\n');
  expect(performance.now() - started).toBeLessThan(30_000);
});
