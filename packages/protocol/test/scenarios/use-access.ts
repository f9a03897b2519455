import { type Decision, type Level, levels, noOrganisation } from '../../src/index.ts';
import { alice, bob, clinic, doctor, hashOf, now, stranger } from '../world.ts';
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

const granted: Decision = {
  status: 'granted',
  grantee: doctor.address,
  level: 'moderate',
  until: now + 3_600,
  keyVersion: 7,
};

const moment: Moment = withDecision(
  {
    stored,
    command: {
      type: 'useAccess',
      patient: alice.address,
      grant: request,
      record: hashOf('record'),
      headerDigest: hashOf('header'),
      actingPerson: `0x${'00'.repeat(32)}`,
      actor: doctor.address,
      validUntil,
    },
    time: now,
  },
  alice.address,
  request,
  granted,
);

function decided(m: Moment, change: Partial<Decision>): Moment {
  const [, , before] = m.stored.decisions.find(([, number]) => number === request) ?? [undefined, undefined, granted];
  return withDecision(m, alice.address, request, { ...before, ...change });
}

const applied = { outcome: 'applied', writes: {} } as const;
const rank: Readonly<Record<Level, number>> = { low: 1, moderate: 2, private: 3 };

const clearances: readonly Scenario[] = levels.flatMap((clearance) =>
  levels.map((level) => ({
    name: `clearance ${clearance} uses ${level}`,
    ...withStanding(decided(moment, { level }), doctor.address, { clearance }),
    expected: rank[clearance] >= rank[level] ? applied : ({ outcome: 'violation', code: 'CLEARANCE_TOO_LOW' } as const),
  })),
);

const noGrant = { outcome: 'violation', code: 'NO_GRANT' } as const;

const grants: readonly Scenario[] = [
  { name: 'never granted', ...withFields(moment, { grant: hashOf('other') }), expected: noGrant },
  { name: 'of another patient', ...withFields(moment, { patient: bob.address }), expected: noGrant },
  {
    name: 'denied',
    ...withDecision(moment, alice.address, request, {
      status: 'denied',
      grantee: noOrganisation,
      level: 'low',
      until: 0,
      keyVersion: 0,
    }),
    expected: noGrant,
  },
  { name: 'denied, even if it named the actor', ...decided(moment, { status: 'denied' }), expected: noGrant },
  { name: 'another’s', ...withFields(moment, { actor: clinic.address }), expected: noGrant },
  {
    name: 'another’s, revoked',
    ...decided(withFields(moment, { actor: clinic.address }), { status: 'revoked' }),
    expected: noGrant,
  },
  {
    name: 'by the owner herself without a grant',
    ...withFields(moment, { actor: alice.address }),
    expected: noGrant,
  },
];

const seconds: readonly Scenario[] = [
  { name: 'in its last second', ...decided(moment, { until: now + 1 }), expected: applied },
  {
    name: 'in its first dead second',
    ...decided(moment, { until: now }),
    expected: { outcome: 'violation', code: 'GRANT_EXPIRED' },
  },
  {
    name: 'a second later',
    ...decided(moment, { until: now - 1 }),
    expected: { outcome: 'violation', code: 'GRANT_EXPIRED' },
  },
];

export const useAccessCase: CommandCase = {
  moment,
  writes: {},
  faults: [
    ...commonFaults.actor,
    ['UNKNOWN_PARTICIPANT', 'rejected', (m) => withFields(m, { patient: stranger.address })],
    ['NO_GRANT', 'violation', (m) => decided(m, { grantee: bob.address })],
    ['GRANT_REVOKED', 'violation', (m) => decided(m, { status: 'revoked' })],
    ['KEYS_CHANGED', 'violation', (m) => decided(m, { keyVersion: 6 })],
    ['GRANT_EXPIRED', 'violation', (m) => decided(m, { until: now })],
    ['OWNER_BANNED', 'violation', (m) => withStanding(m, alice.address, { status: 'banned' })],
    ['CLEARANCE_TOO_LOW', 'violation', (m) => decided(m, { level: 'private' })],
  ],
  more: [
    ...clearances,
    ...grants,
    ...seconds,
    {
      name: 'keys that are newer than the present ones',
      ...decided(moment, { keyVersion: 8 }),
      expected: { outcome: 'violation', code: 'KEYS_CHANGED' },
    },
    { name: 'for an organisation', ...withFields(moment, { actingPerson: hashOf('person') }), expected: applied },
  ],
};
