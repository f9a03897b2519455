import { expect, test } from 'vitest';
import { FindingGroups } from './finding-groups.ts';

/** Groups as they are when each finding takes `pace` and each commit `work` milliseconds. */
function groupsOf(pace: number, work: number): FindingGroups {
  const groups = new FindingGroups();
  for (let n = 0; n < 40; n++) {
    groups.notePace(8, 8 * pace);
    groups.noteWork(work);
  }
  return groups;
}

test('are half of what is open, and not too many', () => {
  const groups = groupsOf(0.04, 0.4);
  expect([1, 7, 16, 256, 300].map((open) => groups.size(open))).toEqual([1, 4, 8, 128, 128]);
  expect(new FindingGroups().size(16)).toBe(8);
});

test('are all that is open where a commit takes much longer than finding', () => {
  const groups = groupsOf(0.04, 2);
  expect([1, 16, 24, 26, 256].map((open) => groups.size(open))).toEqual([1, 16, 24, 13, 128]);
});

test('follow what changes, and not at once', () => {
  const groups = groupsOf(0.04, 0.4);
  groups.noteWork(2);
  expect(groups.size(16)).toBe(8);
  for (let n = 0; n < 10; n++) groups.noteWork(2);
  expect(groups.size(16)).toBe(16);
  for (let n = 0; n < 10; n++) groups.notePace(16, 16);
  expect(groups.size(16)).toBe(8);
});

test('learn nothing from a time in which nothing was found', () => {
  const groups = groupsOf(0.04, 2);
  groups.notePace(0, 1_000);
  expect(groups.size(16)).toBe(16);
});
