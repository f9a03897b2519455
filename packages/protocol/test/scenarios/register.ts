import { noOrganisation, type Participant } from '../../src/index.ts';
import { alice, clinic, doctor, hashOf, now, stranger } from '../world.ts';
import {
  type CommandCase,
  commonFaults,
  type Moment,
  type Scenario,
  stored,
  validUntil,
  withFields,
  withStanding,
  without,
} from './scenario.ts';

const moment: Moment = {
  stored,
  command: {
    type: 'register',
    participant: stranger.address,
    keyDocument: hashOf('key document'),
    organisation: clinic.address,
    roles: ['patient', 'provider'],
    clearance: 'moderate',
    person: hashOf('person stranger'),
    validUntil,
  },
  time: now,
};

const standing: Participant = {
  status: 'active',
  roles: ['patient', 'provider'],
  clearance: 'moderate',
  organisation: clinic.address,
  version: 1,
  keyVersion: 1,
};
const persons = [hashOf('person stranger')];

const bad = { outcome: 'rejected', code: 'BAD_ORGANISATION' } as const;

const organisations: readonly Scenario[] = [
  {
    name: 'no organisation',
    ...withFields(moment, { organisation: noOrganisation }),
    expected: {
      outcome: 'applied',
      writes: { participants: { [stranger.address]: { ...standing, organisation: noOrganisation } }, persons },
    },
  },
  {
    name: 'an organisation with further roles',
    ...withStanding(moment, clinic.address, { roles: ['organisation', 'provider'] }),
    expected: { outcome: 'applied', writes: { participants: { [stranger.address]: standing }, persons } },
  },
  { name: 'unknown organisation', ...without(moment, clinic.address), expected: bad },
  { name: 'banned organisation', ...withStanding(moment, clinic.address, { status: 'banned' }), expected: bad },
  { name: 'a provider for organisation', ...withFields(moment, { organisation: doctor.address }), expected: bad },
  { name: 'its own organisation', ...withFields(moment, { organisation: stranger.address }), expected: bad },
];

const people: readonly Scenario[] = [
  {
    name: 'a banned participant is registered all the same',
    ...withStanding(withFields(moment, { participant: alice.address }), alice.address, { status: 'banned' }),
    expected: { outcome: 'rejected', code: 'ALREADY_REGISTERED' },
  },
  {
    name: 'an organisation registers with one role',
    ...withFields(moment, { roles: ['organisation'], clearance: 'private', organisation: noOrganisation }),
    expected: {
      outcome: 'applied',
      writes: {
        participants: {
          [stranger.address]: {
            ...standing,
            roles: ['organisation'],
            clearance: 'private',
            organisation: noOrganisation,
          },
        },
        persons,
      },
    },
  },
];

export const registerCase: CommandCase = {
  moment,
  writes: { participants: { [stranger.address]: standing }, persons },
  faults: [
    ...commonFaults.authority,
    ['ALREADY_REGISTERED', 'rejected', (m) => withStanding(m, stranger.address, {})],
    ['PERSON_TAKEN', 'rejected', (m) => withFields(m, { person: hashOf('person alice') })],
    ['BAD_ORGANISATION', 'rejected', (m) => withStanding(m, clinic.address, { roles: ['provider'] })],
  ],
  more: [...organisations, ...people],
};
