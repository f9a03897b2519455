import { type Role, roles } from '../../src/index.ts';
import { alice, bob, doctor, hashOf, now, stranger } from '../world.ts';
import {
  type CommandCase,
  commonFaults,
  type Moment,
  type Scenario,
  stored,
  validUntil,
  withFields,
  withStanding,
} from './scenario.ts';

const moment: Moment = {
  stored,
  command: {
    type: 'anchorRecord',
    owner: alice.address,
    compartment: hashOf('compartment'),
    epoch: 1,
    level: 'private',
    payloadDigest: hashOf('payload'),
    headerDigest: hashOf('header'),
    content: hashOf('content'),
    salt: hashOf('salt'),
    actor: doctor.address,
    validUntil,
  },
  time: now,
};

const refused = { outcome: 'rejected', code: 'ROLE_NOT_ALLOWED' } as const;
const applied = { outcome: 'applied', writes: {} } as const;
const authors: readonly Role[] = ['provider', 'organisation', 'device'];

const byRole: readonly Scenario[] = roles.map((role) => ({
  name: `${role} for another`,
  ...withStanding(moment, doctor.address, { roles: [role] }),
  expected: authors.includes(role) ? applied : refused,
}));

const forHerself: readonly Scenario[] = roles.map((role) => ({
  name: `${role} for herself`,
  ...withStanding(withFields(moment, { owner: bob.address, actor: bob.address }), bob.address, { roles: [role] }),
  expected: authors.includes(role) || role === 'patient' ? applied : refused,
}));

export const anchorRecordCase: CommandCase = {
  moment,
  writes: {},
  faults: [
    ...commonFaults.actor,
    ['UNKNOWN_PARTICIPANT', 'rejected', (m) => withFields(m, { owner: stranger.address })],
    ['ROLE_NOT_ALLOWED', 'rejected', (m) => withStanding(m, doctor.address, { roles: ['patient', 'auditor'] })],
  ],
  more: [
    ...byRole,
    ...forHerself,
    { name: 'no role at all', ...withStanding(moment, doctor.address, { roles: [] }), expected: refused },
    {
      name: 'one author role among others',
      ...withStanding(moment, doctor.address, { roles: ['auditor', 'device', 'proxy'] }),
      expected: applied,
    },
    {
      name: 'the owner may be banned: care goes on',
      ...withStanding(moment, alice.address, { status: 'banned' }),
      expected: applied,
    },
  ],
};
