import { doctor, hashOf, now } from '../world.ts';
import {
  type CommandCase,
  commonFaults,
  doctorStanding,
  type Moment,
  request,
  type Scenario,
  stored,
  validUntil,
  withDecision,
  withFields,
} from './scenario.ts';

const moment: Moment = {
  stored,
  command: {
    type: 'rotateKeys',
    keyDocument: hashOf('new key document'),
    expectedKeyVersion: 7,
    actor: doctor.address,
    validUntil,
  },
  time: now,
};

const writes = { participants: { [doctor.address]: { ...doctorStanding, keyVersion: 8 } } };

export const rotateKeysCase: CommandCase = {
  moment,
  writes,
  faults: [...commonFaults.actor, ['STALE_VERSION', 'rejected', (m) => withFields(m, { expectedKeyVersion: 6 })]],
  more: [
    ...[0, 5, 8].map((expectedKeyVersion): Scenario => ({
      name: `version ${expectedKeyVersion} where keys of version 7 stand`,
      ...withFields(moment, { expectedKeyVersion }),
      expected: { outcome: 'rejected', code: 'STALE_VERSION' },
    })),
    {
      name: 'with a grant, which stays as it was written',
      ...withDecision(moment, doctor.address, request, {
        status: 'granted',
        grantee: doctor.address,
        level: 'low',
        until: now + 1,
        keyVersion: 7,
      }),
      expected: { outcome: 'applied', writes },
    },
  ],
};
