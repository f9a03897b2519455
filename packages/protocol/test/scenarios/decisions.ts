import { type Decision, type Level, levels, noOrganisation } from '../../src/index.ts';
import { alice, bob, doctor, hashOf, now, stranger } from '../world.ts';
import {
  type CommandCase,
  commonFaults,
  type Moment,
  request,
  type Scenario,
  stored,
  validUntil,
  withDecision,
  withFields,
  withStanding,
} from './scenario.ts';

const grant: Moment = {
  stored,
  command: {
    type: 'grantAccess',
    patient: alice.address,
    request,
    grantee: doctor.address,
    keyVersion: 7,
    scope: hashOf('scope'),
    level: 'moderate',
    newData: false,
    until: now + 3_600,
    consent: hashOf('consent'),
    actor: alice.address,
    validUntil,
  },
  time: now,
};

const granted: Decision = {
  status: 'granted',
  grantee: doctor.address,
  level: 'moderate',
  until: now + 3_600,
  keyVersion: 7,
};
const denied: Decision = { status: 'denied', grantee: noOrganisation, level: 'low', until: 0, keyVersion: 0 };
const revoked: Decision = { ...granted, status: 'revoked' };

const decidedAs = (
  value: Decision,
): { readonly decisions: readonly (readonly [typeof alice.address, typeof request, Decision])[] } => ({
  decisions: [[alice.address, request, value]],
});
const rank: Readonly<Record<Level, number>> = { low: 1, moderate: 2, private: 3 };

const clearances: readonly Scenario[] = levels.flatMap((clearance) =>
  levels.map((level) => ({
    name: `clearance ${clearance} is granted ${level}`,
    ...withStanding(withFields(grant, { level }), doctor.address, { clearance }),
    expected:
      rank[clearance] >= rank[level]
        ? ({ outcome: 'applied', writes: decidedAs({ ...granted, level }) } as const)
        : ({ outcome: 'rejected', code: 'CLEARANCE_TOO_LOW' } as const),
  })),
);

const alreadyDecided = { outcome: 'rejected', code: 'ALREADY_DECIDED' } as const;

/** What stands already, and a decision of another patient or on another request, which does not matter. */
function onDecided(moment: Moment, applied: Scenario['expected']): readonly Scenario[] {
  return [
    { name: 'after a grant', ...withDecision(moment, alice.address, request, granted), expected: alreadyDecided },
    { name: 'after a denial', ...withDecision(moment, alice.address, request, denied), expected: alreadyDecided },
    { name: 'after a revocation', ...withDecision(moment, alice.address, request, revoked), expected: alreadyDecided },
    { name: 'another patient decided', ...withDecision(moment, bob.address, request, denied), expected: applied },
    { name: 'another request', ...withDecision(moment, alice.address, hashOf('other'), granted), expected: applied },
  ];
}

export const grantAccessCase: CommandCase = {
  moment: grant,
  writes: decidedAs(granted),
  faults: [
    ...commonFaults.actor,
    ['NOT_OWNER', 'rejected', (m) => withFields(m, { actor: bob.address })],
    ['UNKNOWN_PARTICIPANT', 'rejected', (m) => withFields(m, { grantee: stranger.address })],
    ['GRANTEE_BANNED', 'rejected', (m) => withStanding(m, doctor.address, { status: 'banned' })],
    ['STALE_VERSION', 'rejected', (m) => withFields(m, { keyVersion: 6 })],
    ['CLEARANCE_TOO_LOW', 'rejected', (m) => withFields(m, { level: 'private' })],
    ['UNTIL_PASSED', 'rejected', (m) => withFields(m, { until: m.time })],
    ['ALREADY_DECIDED', 'rejected', (m) => withDecision(m, alice.address, request, denied)],
  ],
  more: [
    ...clearances,
    ...onDecided(grant, { outcome: 'applied', writes: decidedAs(granted) }),
    {
      name: 'until the next second',
      ...withFields(grant, { until: now + 1 }),
      expected: { outcome: 'applied', writes: decidedAs({ ...granted, until: now + 1 }) },
    },
    {
      name: 'until a second ago',
      ...withFields(grant, { until: now - 1 }),
      expected: { outcome: 'rejected', code: 'UNTIL_PASSED' },
    },
    ...[0, 5, 8].map((keyVersion): Scenario => ({
      name: `keys of version ${keyVersion} where 7 stands`,
      ...withFields(grant, { keyVersion }),
      expected: { outcome: 'rejected', code: 'STALE_VERSION' },
    })),
    {
      name: 'to herself',
      ...withFields(grant, { grantee: alice.address, keyVersion: 1, level: 'low' }),
      expected: {
        outcome: 'applied',
        writes: decidedAs({ ...granted, grantee: alice.address, keyVersion: 1, level: 'low' }),
      },
    },
  ],
};

const denial: Moment = {
  stored,
  command: { type: 'denyAccess', patient: alice.address, request, actor: alice.address, validUntil },
  time: now,
};

export const denyAccessCase: CommandCase = {
  moment: denial,
  writes: decidedAs(denied),
  faults: [
    ...commonFaults.withdrawal,
    ['NOT_OWNER', 'rejected', (m) => withFields(m, { actor: bob.address })],
    ['ALREADY_DECIDED', 'rejected', (m) => withDecision(m, alice.address, request, granted)],
  ],
  more: [
    ...onDecided(denial, { outcome: 'applied', writes: decidedAs(denied) }),
    {
      name: 'by a banned patient',
      ...withStanding(denial, alice.address, { status: 'banned' }),
      expected: { outcome: 'applied', writes: decidedAs(denied) },
    },
  ],
};

const revocation: Moment = withDecision(
  {
    stored,
    command: { type: 'revokeAccess', patient: alice.address, grant: request, actor: alice.address, validUntil },
    time: now,
  },
  alice.address,
  request,
  granted,
);
const revocationApplied = { outcome: 'applied', writes: decidedAs(revoked) } as const;

export const revokeAccessCase: CommandCase = {
  moment: revocation,
  writes: decidedAs(revoked),
  faults: [
    ...commonFaults.withdrawal,
    ['NOT_OWNER', 'rejected', (m) => withFields(m, { actor: bob.address })],
    ['NO_GRANT', 'rejected', (m) => withFields(m, { grant: hashOf('other') })],
    ['ALREADY_REVOKED', 'rejected', (m) => withDecision(m, alice.address, request, revoked)],
  ],
  more: [
    {
      name: 'of a denial',
      ...withDecision(revocation, alice.address, request, denied),
      expected: { outcome: 'rejected', code: 'NO_GRANT' },
    },
    {
      name: 'of another patient’s grant',
      ...withFields(revocation, { patient: bob.address, actor: bob.address }),
      expected: { outcome: 'rejected', code: 'NO_GRANT' },
    },
    {
      name: 'by a banned patient',
      ...withStanding(revocation, alice.address, { status: 'banned' }),
      expected: revocationApplied,
    },
    {
      name: 'of a grant to a banned participant',
      ...withStanding(revocation, doctor.address, { status: 'banned' }),
      expected: revocationApplied,
    },
    {
      name: 'of a grant that has ended',
      ...withFields({ ...revocation, time: now + 3_600 }, { validUntil: now + 4_000 }),
      expected: revocationApplied,
    },
  ],
};
