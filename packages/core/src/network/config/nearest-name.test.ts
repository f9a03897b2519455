import { expect, it } from 'vitest';
import { didYouMean, nearestName } from './nearest-name.ts';

const known = ['ledger', 'store', 'directory', 'proxies', 'threshold'];

it.each([
  ['leger', 'ledger'],
  ['ldeger', 'ledger'],
  ['Ledger', 'ledger'],
  ['treshhold', 'threshold'],
  ['proxys', 'proxies'],
  ['directories', 'directory'],
  ['stroe', 'store'],
  ['storre', 'store'],
  ['weather', undefined],
  ['', undefined],
  ['x'.repeat(100_000), undefined],
])('of %s: %s', (unknown, nearest) => {
  expect(nearestName(unknown, known)).toBe(nearest);
});

it('takes the nearest of several', () => {
  expect(nearestName('path', ['pack', 'paths', 'patch'])).toBe('paths');
});

it('names all of them where none is near, and says where there are none', () => {
  expect(didYouMean('weather', ['a', 'b'])).toBe('"a", "b"');
  expect(didYouMean('weather', [])).toBe('no such field');
  expect(didYouMean('stor', known)).toBe('"store" (did you mean that?)');
});
