import { expect, test } from 'vitest';
import { RecentCommands } from './recent-commands.ts';

function countAfter(times: readonly number[]): number {
  const recent = new RecentCommands();
  for (const time of times) recent.add(time);
  return recent.count;
}

test('counts what comes within a window', () => {
  expect(countAfter([1_000, 1_010, 1_050])).toBe(3);
});

test('remembers one window, and forgets it after a pause', () => {
  expect(countAfter([1_000, 1_010, 1_020, 1_060])).toBe(3);
  expect(countAfter([1_000, 1_010, 1_020, 1_060, 1_120])).toBe(1);
  expect(countAfter([1_000, 1_010, 1_020, 1_200])).toBe(1);
});
