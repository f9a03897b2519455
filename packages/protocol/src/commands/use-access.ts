import type { ActorCommand, CommandDefinition } from '../command.ts';
import type { Hex } from '../encode/bytes.ts';
import { type Address, reaches } from '../encode/kinds.ts';
import { type Decision, decision } from '../state/decision.ts';
import { type Participant, participant } from '../state/participant.ts';

export interface UseAccess extends ActorCommand {
  readonly type: 'useAccess';
  readonly patient: Address;
  readonly grant: Hex;
  readonly record: Hex;
  readonly headerDigest: Hex;
  readonly actingPerson: Hex;
}

interface State {
  readonly patient: Participant;
  readonly decision: Decision;
}

export const useAccess: CommandDefinition<UseAccess, State> = {
  name: 'useAccess',
  code: 9,
  doc: 'A grantee uses a grant for one record. Logged whether allowed or not; no proxy acts before it stands on the ledger.',
  signers: 'actor',
  fields: {
    patient: { kind: 'participant', doc: 'whose record' },
    grant: { kind: 'id', doc: 'number of the grant' },
    record: { kind: 'id', doc: 'which record' },
    headerDigest: { kind: 'digest', doc: 'the header that the actor holds' },
    actingPerson: {
      kind: 'commitment',
      doc: 'salted commitment to the person who acts for an organisation; random where there is none, so that two uses are two commands',
    },
  },
  reads: (c) => ({ patient: participant.key(c.patient), decision: decision.key(c.patient, c.grant) }),
  rules: [
    ['UNKNOWN_PARTICIPANT', 'reject', ({ s }) => s.patient !== undefined],
    [
      'NO_GRANT',
      'violation',
      ({ c, s }) => s.decision !== undefined && s.decision.status !== 'denied' && s.decision.grantee === c.actor,
    ],
    ['GRANT_REVOKED', 'violation', ({ s }) => s.decision?.status === 'granted'],
    ['KEYS_CHANGED', 'violation', ({ s, actor }) => s.decision?.keyVersion === actor.keyVersion],
    ['GRANT_EXPIRED', 'violation', ({ s, time }) => s.decision !== undefined && time < s.decision.until],
    ['OWNER_BANNED', 'violation', ({ s }) => s.patient?.status === 'active'],
    [
      'CLEARANCE_TOO_LOW',
      'violation',
      ({ s, actor }) => s.decision !== undefined && reaches(actor.clearance, s.decision.level),
    ],
  ],
  effect: () => [],
  effectDoc: 'log only',
  repeatsDoc: 'the view drops the second whatever its outcome; scope of records is a holder rule',
};
