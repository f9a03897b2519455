import { doctor, hashOf, now, stranger } from '../world.ts';
import {
  type CommandCase,
  commonFaults,
  doctorStanding,
  type Moment,
  type Scenario,
  stored,
  validUntil,
  withFields,
  withStanding,
} from './scenario.ts';

function moment(type: 'ban' | 'reinstate'): Moment {
  const command = {
    type,
    participant: doctor.address,
    expectedVersion: 5,
    reason: hashOf('reason'),
    validUntil,
  } as const;
  const at: Moment = { stored, command, time: now };
  return type === 'ban' ? at : withStanding(at, doctor.address, { status: 'banned' });
}

const stale = { outcome: 'rejected', code: 'STALE_VERSION' } as const;

function versions(type: 'ban' | 'reinstate'): readonly Scenario[] {
  return [0, 4, 6].map((expectedVersion) => ({
    name: `version ${expectedVersion} where 5 stands`,
    ...withFields(moment(type), { expectedVersion }),
    expected: stale,
  }));
}

export const banCase: CommandCase = {
  moment: moment('ban'),
  writes: { participants: { [doctor.address]: { ...doctorStanding, status: 'banned', version: 6 } } },
  faults: [
    ...commonFaults.authority,
    ['UNKNOWN_PARTICIPANT', 'rejected', (m) => withFields(m, { participant: stranger.address })],
    ['STALE_VERSION', 'rejected', (m) => withFields(m, { expectedVersion: 4 })],
    ['ALREADY_BANNED', 'rejected', (m) => withStanding(m, doctor.address, { status: 'banned' })],
  ],
  more: versions('ban'),
};

export const reinstateCase: CommandCase = {
  moment: moment('reinstate'),
  writes: { participants: { [doctor.address]: { ...doctorStanding, status: 'active', version: 6 } } },
  faults: [
    ...commonFaults.authority,
    ['UNKNOWN_PARTICIPANT', 'rejected', (m) => withFields(m, { participant: stranger.address })],
    ['STALE_VERSION', 'rejected', (m) => withFields(m, { expectedVersion: 6 })],
    ['NOT_BANNED', 'rejected', (m) => withStanding(m, doctor.address, { status: 'active' })],
  ],
  more: versions('reinstate'),
};
