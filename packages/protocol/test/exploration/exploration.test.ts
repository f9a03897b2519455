import { beforeAll, expect, test } from 'vitest';
import { type AnyCommandDefinition, type CommandName, commands, judge, type LedgerCode } from '../../src/index.ts';
import { bob, clinic } from '../world.ts';
import { type Exploration, explore, type Rules } from './explore.ts';
import { alphabet, instants } from './small-world.ts';

let found: Exploration;

beforeAll(() => {
  found = explore();
}, 120_000);

/** What a verified command can meet: all but MALFORMED and BAD_SIGNATURE, which come before any state. */
function cellsOf(name: CommandName): readonly string[] {
  const { rules, signers, allowsBanned } = commands[name];
  const codes = ['COMMAND_EXPIRED', 'VALIDITY_TOO_LONG'];
  if (signers === 'actor') codes.push('NOT_REGISTERED');
  if (signers === 'actor' && allowsBanned !== true) codes.push('BANNED');
  return [
    `${name} applied`,
    ...codes.map((code) => `${name} rejected ${code}`),
    ...rules.map(([code, outcome]) => `${name} ${outcome === 'reject' ? 'rejected' : 'violation'} ${code}`),
  ];
}

test('no state of the small world breaks a promise', () => {
  expect([...found.broken]).toEqual([]);
});

test('the number of states and steps is known, so that a change of the rules shows', () => {
  const { states, judged, logged, questions } = found;
  process.stdout.write(
    `explored ${states} states, ${judged} judged steps, ${logged} logged, ${questions.length} distinct questions\n`,
  );
  expect({ states, judged, logged, questions: questions.length }).toEqual({
    states: 607_167,
    judged: 451_732_248,
    logged: 50_785_532,
    questions: 192_834,
  });
});

test('every cell is reached but one: no command changes a clearance', () => {
  const all = (Object.keys(commands) as CommandName[]).flatMap(cellsOf);
  expect([...found.cells].filter((cell) => !all.includes(cell))).toEqual([]);
  expect(all.filter((cell) => !found.cells.has(cell))).toEqual(['useAccess violation CLEARANCE_TOO_LOW']);
});

/** The commands of a still smaller world, for rules that are broken on purpose. */
const few = alphabet.filter(
  (command) =>
    !Object.values(command).includes(bob.address) &&
    command.validUntil === instants[2] + 1 &&
    !(command.type === 'ban' && command.participant === clinic.address),
);

function change(name: CommandName, by: Partial<AnyCommandDefinition>): Rules {
  return { judge, commands: { ...commands, [name]: { ...commands[name], ...by } } };
}

function withoutRule(name: CommandName, dropped: LedgerCode): Rules {
  return change(name, { rules: commands[name].rules.filter(([code]) => code !== dropped) });
}

test.each<[CommandName, LedgerCode, string]>([
  ['register', 'ALREADY_REGISTERED', 'register: a participant is registered once'],
  ['register', 'PERSON_TAKEN', 'register: a person has one account'],
  ['ban', 'ALREADY_BANNED', 'ban: a ban comes once'],
  ['ban', 'STALE_VERSION', 'ban: a replay is never applied'],
  ['reinstate', 'NOT_BANNED', 'reinstate: only a banned participant is reinstated'],
  ['anchorRecord', 'UNKNOWN_PARTICIPANT', 'anchorRecord: a record belongs to a participant'],
  ['requestAccess', 'UNKNOWN_PARTICIPANT', 'requestAccess: a participant is asked'],
  ['grantAccess', 'NOT_OWNER', 'grantAccess: only the patient decides'],
  ['grantAccess', 'UNTIL_PASSED', 'grantAccess: a grant is live when given'],
  ['grantAccess', 'GRANTEE_BANNED', 'grantAccess: a grantee is in good standing'],
  ['grantAccess', 'STALE_VERSION', 'grantAccess: a grant is to the keys that the grantee has'],
  ['grantAccess', 'ALREADY_DECIDED', 'grantAccess: denied and revoked are terminal'],
  ['denyAccess', 'NOT_OWNER', 'denyAccess: only the patient decides'],
  ['denyAccess', 'ALREADY_DECIDED', 'denyAccess: a request is decided once, for ever'],
  ['revokeAccess', 'NOT_OWNER', 'revokeAccess: only the patient decides'],
  ['revokeAccess', 'NO_GRANT', 'revokeAccess: denied and revoked are terminal'],
  ['revokeAccess', 'ALREADY_REVOKED', 'revokeAccess: a grant is withdrawn once'],
  ['useAccess', 'NO_GRANT', 'useAccess: a use follows a grant to that actor'],
  ['useAccess', 'GRANT_REVOKED', 'useAccess: nothing is used after its revocation'],
  ['useAccess', 'KEYS_CHANGED', 'useAccess: nothing is used after a rotation of the keys it was granted to'],
  ['useAccess', 'GRANT_EXPIRED', 'useAccess: nothing is used at or after its end'],
  ['useAccess', 'OWNER_BANNED', 'useAccess: nothing of a banned patient is used'],
  ['reportViolation', 'NOT_OWNER', 'reportViolation: only the patient decides'],
  ['rotateKeys', 'STALE_VERSION', 'rotateKeys: keys are rotated from the version that was seen'],
  ['supersedeRecord', 'NOT_OWNER', 'supersedeRecord: only the patient decides'],
  ['eraseRecord', 'NOT_OWNER', 'eraseRecord: only the patient decides'],
])('the promises notice %s without %s', (name, code, promise) => {
  const letters = code === 'PERSON_TAKEN' ? alphabet.filter(({ type }) => type === 'register') : few;
  expect([...explore({ judge, commands }, letters).broken]).toEqual([]);
  expect([...explore(withoutRule(name, code), letters).broken]).toContain(promise);
});

test('the promises notice a command that a banned actor may send, and a write that is lost', () => {
  expect([...explore(change('grantAccess', { allowsBanned: true }), few).broken]).toContain(
    'grantAccess: a banned actor only withdraws',
  );
  expect([...explore(change('revokeAccess', { effect: () => [] }), few).broken]).toContain(
    'revokeAccess: what is logged as applied is written',
  );
});
