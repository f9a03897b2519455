import { expect, test } from 'vitest';
import { runFixture } from './child.ts';

test('a process waits for a thread that it ends, also where that had just begun', () => {
  expect(runFixture('end-threads.ts', [])).toBe('ended\n');
});
