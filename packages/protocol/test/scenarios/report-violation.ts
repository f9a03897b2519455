import { alice, bob, doctor, hashOf, now, stranger } from '../world.ts';
import {
  type CommandCase,
  commonFaults,
  type Moment,
  stored,
  validUntil,
  withFields,
  withStanding,
} from './scenario.ts';

const moment: Moment = {
  stored,
  command: {
    type: 'reportViolation',
    patient: alice.address,
    subject: doctor.address,
    entry: hashOf('entry'),
    statement: hashOf('statement'),
    actor: alice.address,
    validUntil,
  },
  time: now,
};

export const reportViolationCase: CommandCase = {
  moment,
  writes: {},
  faults: [
    ...commonFaults.actor,
    ['NOT_OWNER', 'rejected', (m) => withFields(m, { actor: bob.address })],
    ['UNKNOWN_PARTICIPANT', 'rejected', (m) => withFields(m, { subject: stranger.address })],
  ],
  more: [
    {
      name: 'a banned subject',
      ...withStanding(moment, doctor.address, { status: 'banned' }),
      expected: { outcome: 'applied', writes: {} },
    },
  ],
};
