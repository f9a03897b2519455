import { expect, test } from 'vitest';
import * as protocol from '../src/index.ts';
import { countScenarios, runScenarios } from './scenarios.ts';
import { commandCases } from './scenarios/index.ts';

test('every scenario of the table holds', () => {
  expect(runScenarios(protocol)).toEqual([]);
  expect(countScenarios(protocol)).toBeGreaterThan(350);
});

test('the table has a fault for every check of every command, in the order of the checks', () => {
  for (const [name, { faults }] of Object.entries(commandCases)) {
    const { rules, signers, allowsBanned } = protocol.commands[name as protocol.CommandName];
    const common = ['COMMAND_EXPIRED', 'VALIDITY_TOO_LONG'];
    if (signers === 'actor') common.push('NOT_REGISTERED');
    if (signers === 'actor' && allowsBanned !== true) common.push('BANNED');
    expect(faults.map(([code]) => code)).toEqual([...common, ...rules.map(([code]) => code)]);
  }
});

test('a module with other rules fails the table', () => {
  const broken = { ...protocol, judge: () => ({ outcome: 'applied', writes: [] }) as const };
  expect(runScenarios(broken).length).toBeGreaterThan(200);
  expect(runScenarios(broken, { firstOnly: true })).toHaveLength(1);
});
