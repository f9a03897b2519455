import type { ActorCommand, CommandDefinition } from '../command.ts';
import type { Hex } from '../encode/bytes.ts';
import { type Address, type Level, reaches } from '../encode/kinds.ts';
import { type Participant, participant } from '../state/participant.ts';

export interface RequestAccess extends ActorCommand {
  readonly type: 'requestAccess';
  readonly patient: Address;
  readonly level: Level;
  readonly newData: boolean;
  readonly until: number;
  readonly terms: Hex;
}

interface State {
  readonly patient: Participant;
}

export const requestAccess: CommandDefinition<RequestAccess, State> = {
  name: 'requestAccess',
  code: 5,
  doc: 'A participant asks a patient for access. The id of this command is the one reference number of request and grant.',
  signers: 'actor',
  fields: {
    patient: { kind: 'participant', doc: 'who is asked' },
    level: { kind: 'level', doc: 'highest level asked for' },
    newData: { kind: 'flag', doc: 'whether records anchored after the grant are asked for' },
    until: { kind: 'time', doc: 'first second at which access is no longer asked for' },
    terms: { kind: 'commitment', doc: 'salted commitment to purpose, compartment and terms' },
  },
  reads: (c) => ({ patient: participant.key(c.patient) }),
  rules: [
    ['UNKNOWN_PARTICIPANT', 'reject', ({ s }) => s.patient !== undefined],
    ['CLEARANCE_TOO_LOW', 'reject', ({ c, actor }) => reaches(actor.clearance, c.level)],
    ['UNTIL_PASSED', 'reject', ({ c, time }) => time < c.until],
  ],
  effect: () => [],
  effectDoc: 'log only',
  repeatsDoc: 'the view drops the second; open until decided or `until`',
};
