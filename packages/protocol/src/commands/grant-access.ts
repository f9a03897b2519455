import type { ActorCommand, CommandDefinition } from '../command.ts';
import type { Hex } from '../encode/bytes.ts';
import { type Address, type Level, reaches } from '../encode/kinds.ts';
import { type Decision, decision } from '../state/decision.ts';
import { type Participant, participant } from '../state/participant.ts';

export interface GrantAccess extends ActorCommand {
  readonly type: 'grantAccess';
  readonly patient: Address;
  readonly request: Hex;
  readonly grantee: Address;
  readonly keyVersion: number;
  readonly scope: Hex;
  readonly level: Level;
  readonly newData: boolean;
  readonly until: number;
  readonly consent: Hex;
}

interface State {
  readonly grantee: Participant;
  readonly decision: Decision;
}

export const grantAccess: CommandDefinition<GrantAccess, State> = {
  name: 'grantAccess',
  code: 6,
  doc: 'A patient grants access. Answers a request, or carries a random number where nobody asked.',
  signers: 'actor',
  fields: {
    patient: { kind: 'participant', doc: 'who grants' },
    request: { kind: 'id', doc: 'the request answered; the grant bears the same number' },
    grantee: { kind: 'participant', doc: 'who may read' },
    keyVersion: { kind: 'version', doc: 'version of the grantee’s keys that the patient saw' },
    scope: { kind: 'commitment', doc: 'compartment tag, or root of the record ids' },
    level: { kind: 'level', doc: 'highest level that may be read' },
    newData: { kind: 'flag', doc: 'whether records anchored after the grant may be read' },
    until: { kind: 'time', doc: 'first second at which the grant is dead' },
    consent: { kind: 'commitment', doc: 'salted commitment to the consent receipt' },
  },
  reads: (c) => ({ grantee: participant.key(c.grantee), decision: decision.key(c.patient, c.request) }),
  rules: [
    ['NOT_OWNER', 'reject', ({ c }) => c.actor === c.patient],
    ['UNKNOWN_PARTICIPANT', 'reject', ({ s }) => s.grantee !== undefined],
    ['GRANTEE_BANNED', 'reject', ({ s }) => s.grantee?.status === 'active'],
    ['STALE_VERSION', 'reject', ({ c, s }) => s.grantee?.keyVersion === c.keyVersion],
    ['CLEARANCE_TOO_LOW', 'reject', ({ c, s }) => s.grantee !== undefined && reaches(s.grantee.clearance, c.level)],
    ['UNTIL_PASSED', 'reject', ({ c, time }) => time < c.until],
    ['ALREADY_DECIDED', 'reject', ({ s }) => s.decision === undefined],
  ],
  effect: ({ c }) => [
    decision.put(c.patient, c.request, {
      status: 'granted',
      grantee: c.grantee,
      level: c.level,
      until: c.until,
      keyVersion: c.keyVersion,
    }),
  ],
  effectDoc: 'decision = granted',
  repeatsDoc: 'ALREADY_DECIDED',
};
