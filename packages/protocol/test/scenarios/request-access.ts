import { type Level, levels } from '../../src/index.ts';
import { alice, doctor, hashOf, now, stranger } from '../world.ts';
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
    type: 'requestAccess',
    patient: alice.address,
    level: 'moderate',
    newData: true,
    until: now + 3_600,
    terms: hashOf('terms'),
    actor: doctor.address,
    validUntil,
  },
  time: now,
};

const applied = { outcome: 'applied', writes: {} } as const;
const rank: Readonly<Record<Level, number>> = { low: 1, moderate: 2, private: 3 };

const clearances: readonly Scenario[] = levels.flatMap((clearance) =>
  levels.map((level) => ({
    name: `clearance ${clearance} asks for ${level}`,
    ...withStanding(withFields(moment, { level }), doctor.address, { clearance }),
    expected: rank[clearance] >= rank[level] ? applied : ({ outcome: 'rejected', code: 'CLEARANCE_TOO_LOW' } as const),
  })),
);

export const requestAccessCase: CommandCase = {
  moment,
  writes: {},
  faults: [
    ...commonFaults.actor,
    ['UNKNOWN_PARTICIPANT', 'rejected', (m) => withFields(m, { patient: stranger.address })],
    ['CLEARANCE_TOO_LOW', 'rejected', (m) => withFields(m, { level: 'private' })],
    ['UNTIL_PASSED', 'rejected', (m) => withFields(m, { until: m.time })],
  ],
  more: [
    ...clearances,
    { name: 'until the next second', ...withFields(moment, { until: now + 1 }), expected: applied },
    { name: 'until the end of time', ...withFields(moment, { until: 2 ** 40 - 1 }), expected: applied },
    {
      name: 'until a second ago',
      ...withFields(moment, { until: now - 1 }),
      expected: { outcome: 'rejected', code: 'UNTIL_PASSED' },
    },
    {
      name: 'a banned patient may be asked',
      ...withStanding(moment, alice.address, { status: 'banned' }),
      expected: applied,
    },
  ],
};
