import { type Backend, nobleBackend, useBackend } from '@medseal/umbral';
import { addonBackend } from '@medseal/umbral/native';
import { afterEach, expect, it } from 'vitest';
import { openRecord } from '../src/phases/sharing/open-record.ts';
import { openHospital, readText, text } from './hospital.ts';

afterEach(() => {
  useBackend(nobleBackend);
});

it('core seals, grants and opens on the addon once the application has said so', async () => {
  const calls: string[] = [];
  const counting: Backend = {
    ...addonBackend,
    multiply: (point, scalar) => {
      calls.push('multiply');
      return addonBackend.multiply(point, scalar);
    },
    holdUnsafe: (equations) => {
      calls.push('holdUnsafe');
      return addonBackend.holdUnsafe(equations);
    },
  };
  const before = await openHospital();
  const old = await before.seal();
  await before.grant();
  useBackend(counting);
  const at = await openHospital();
  const record = await at.seal();
  await at.grant();
  calls.length = 0;
  expect(await readText(await openRecord(at.colleague, { record: record.id }))).toBe(text);
  expect(calls).toContain('multiply');
  expect(calls).toContain('holdUnsafe');
  // What was made on the other one opens all the same.
  expect(await readText(await openRecord(before.colleague, { record: old.id }))).toBe(text);
});
