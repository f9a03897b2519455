import type { AuthorityCommand, CommandDefinition } from '../command.ts';
import type { Hex } from '../encode/bytes.ts';
import type { Address } from '../encode/kinds.ts';
import { type Participant, participant } from '../state/participant.ts';

export interface Ban extends AuthorityCommand {
  readonly type: 'ban';
  readonly participant: Address;
  readonly expectedVersion: number;
  readonly reason: Hex;
}

interface State {
  readonly participant: Participant;
}

export const ban: CommandDefinition<Ban, State> = {
  name: 'ban',
  code: 2,
  doc: 'The authority suspends a participant, and with it all grants to and of the participant.',
  signers: 'authority',
  fields: {
    participant: { kind: 'participant', doc: 'who is banned' },
    expectedVersion: { kind: 'version', doc: 'version of the participant that the authority saw' },
    reason: { kind: 'commitment', doc: 'salted commitment to the reason' },
  },
  reads: (c) => ({ participant: participant.key(c.participant) }),
  rules: [
    ['UNKNOWN_PARTICIPANT', 'reject', ({ s }) => s.participant !== undefined],
    ['STALE_VERSION', 'reject', ({ c, s }) => s.participant?.version === c.expectedVersion],
    ['ALREADY_BANNED', 'reject', ({ s }) => s.participant?.status === 'active'],
  ],
  effect: ({ c, s }) =>
    s.participant === undefined
      ? []
      : [participant.put(c.participant, { ...s.participant, status: 'banned', version: s.participant.version + 1 })],
  effectDoc: 'status banned; version + 1',
  repeatsDoc: 'STALE_VERSION, also after reinstatement',
};
