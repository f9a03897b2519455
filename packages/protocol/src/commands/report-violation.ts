import type { ActorCommand, CommandDefinition } from '../command.ts';
import type { Hex } from '../encode/bytes.ts';
import type { Address } from '../encode/kinds.ts';
import { type Participant, participant } from '../state/participant.ts';

export interface ReportViolation extends ActorCommand {
  readonly type: 'reportViolation';
  readonly patient: Address;
  readonly subject: Address;
  readonly entry: Hex;
  readonly statement: Hex;
}

interface State {
  readonly subject: Participant;
}

export const reportViolation: CommandDefinition<ReportViolation, State> = {
  name: 'reportViolation',
  code: 10,
  doc: 'A patient reports a participant to the authority, pointing at an entry of the log.',
  signers: 'actor',
  fields: {
    patient: { kind: 'participant', doc: 'who reports' },
    subject: { kind: 'participant', doc: 'who is reported' },
    entry: { kind: 'id', doc: 'id of the command in the entry reported' },
    statement: { kind: 'commitment', doc: 'salted commitment to the statement' },
  },
  reads: (c) => ({ subject: participant.key(c.subject) }),
  rules: [
    ['NOT_OWNER', 'reject', ({ c }) => c.actor === c.patient],
    ['UNKNOWN_PARTICIPANT', 'reject', ({ s }) => s.subject !== undefined],
  ],
  effect: () => [],
  effectDoc: 'log only',
  repeatsDoc: 'the view drops the second; marked UNFOUNDED where the entry does not concern the patient',
};
