import { alice, bob, hashOf, now } from '../world.ts';
import { type CommandCase, commonFaults, type Moment, stored, validUntil, withFields } from './scenario.ts';

const supersession: Moment = {
  stored,
  command: {
    type: 'supersedeRecord',
    patient: alice.address,
    record: hashOf('record'),
    previousHeader: hashOf('header'),
    headerDigest: hashOf('new header'),
    actor: alice.address,
    validUntil,
  },
  time: now,
};

const erasure: Moment = {
  stored,
  command: {
    type: 'eraseRecord',
    patient: alice.address,
    record: hashOf('record'),
    reason: hashOf('reason'),
    actor: alice.address,
    validUntil,
  },
  time: now,
};

function caseOf(moment: Moment): CommandCase {
  return {
    moment,
    writes: {},
    faults: [...commonFaults.actor, ['NOT_OWNER', 'rejected', (m) => withFields(m, { actor: bob.address })]],
    more: [
      {
        name: 'of a record that the ledger has not seen',
        ...withFields(moment, { record: hashOf('other') }),
        expected: { outcome: 'applied', writes: {} },
      },
    ],
  };
}

export const supersedeRecordCase: CommandCase = caseOf(supersession);
export const eraseRecordCase: CommandCase = caseOf(erasure);
