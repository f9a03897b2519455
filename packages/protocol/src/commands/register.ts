import type { AuthorityCommand, CommandDefinition } from '../command.ts';
import type { Hex } from '../encode/bytes.ts';
import type { Address, Level, Role } from '../encode/kinds.ts';
import { noOrganisation, type Participant, participant } from '../state/participant.ts';
import { type Person, person } from '../state/person.ts';

export interface Register extends AuthorityCommand {
  readonly type: 'register';
  readonly participant: Address;
  readonly keyDocument: Hex;
  readonly organisation: Address;
  readonly roles: readonly Role[];
  readonly clearance: Level;
  readonly person: Hex;
}

interface State {
  readonly participant: Participant;
  readonly person: Person;
  readonly organisation: Participant;
}

export const register: CommandDefinition<Register, State> = {
  name: 'register',
  code: 1,
  doc: 'The authority admits a participant and attests the digest of the participant’s key document.',
  signers: 'authority, participant',
  fields: {
    participant: { kind: 'participant', doc: 'the new participant, who signs last as proof of possession' },
    keyDocument: { kind: 'digest', doc: 'digest of the document with the participant’s public keys' },
    organisation: { kind: 'participant', doc: 'organisation the participant belongs to, zero for none' },
    roles: { kind: 'roles', doc: 'roles of the participant' },
    clearance: { kind: 'level', doc: 'highest level the participant may be granted' },
    person: { kind: 'commitment', doc: 'keyed commitment to the person, whose key only the authority holds' },
  },
  reads: (c) => ({
    participant: participant.key(c.participant),
    person: person.key(c.person),
    organisation: participant.key(c.organisation),
  }),
  rules: [
    ['ALREADY_REGISTERED', 'reject', ({ s }) => s.participant === undefined],
    ['PERSON_TAKEN', 'reject', ({ s }) => s.person === undefined],
    [
      'BAD_ORGANISATION',
      'reject',
      ({ c, s }) =>
        c.organisation === noOrganisation ||
        (s.organisation?.status === 'active' && s.organisation.roles.includes('organisation')),
    ],
  ],
  effect: ({ c }) => [
    participant.put(c.participant, {
      status: 'active',
      roles: c.roles,
      clearance: c.clearance,
      organisation: c.organisation,
      version: 1,
      keyVersion: 1,
    }),
    person.put(c.person),
  ],
  effectDoc: 'participant at version 1; person taken',
  repeatsDoc: 'refused by state',
};
