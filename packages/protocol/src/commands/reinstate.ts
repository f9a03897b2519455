import type { AuthorityCommand, CommandDefinition } from '../command.ts';
import type { Hex } from '../encode/bytes.ts';
import type { Address } from '../encode/kinds.ts';
import { type Participant, participant } from '../state/participant.ts';

export interface Reinstate extends AuthorityCommand {
  readonly type: 'reinstate';
  readonly participant: Address;
  readonly expectedVersion: number;
  readonly reason: Hex;
}

interface State {
  readonly participant: Participant;
}

export const reinstate: CommandDefinition<Reinstate, State> = {
  name: 'reinstate',
  code: 3,
  doc: 'The authority lifts a ban; unexpired grants live again.',
  signers: 'authority',
  fields: {
    participant: { kind: 'participant', doc: 'who is reinstated' },
    expectedVersion: { kind: 'version', doc: 'version of the participant that the authority saw' },
    reason: { kind: 'commitment', doc: 'salted commitment to the reason' },
  },
  reads: (c) => ({ participant: participant.key(c.participant) }),
  rules: [
    ['UNKNOWN_PARTICIPANT', 'reject', ({ s }) => s.participant !== undefined],
    ['STALE_VERSION', 'reject', ({ c, s }) => s.participant?.version === c.expectedVersion],
    ['NOT_BANNED', 'reject', ({ s }) => s.participant?.status === 'banned'],
  ],
  effect: ({ c, s }) =>
    s.participant === undefined
      ? []
      : [participant.put(c.participant, { ...s.participant, status: 'active', version: s.participant.version + 1 })],
  effectDoc: 'status active; version + 1',
  repeatsDoc: 'STALE_VERSION, also after a further ban',
};
