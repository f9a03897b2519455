import type { ActorCommand, CommandDefinition } from '../command.ts';
import type { Hex } from '../encode/bytes.ts';
import type { Address, Level, Role } from '../encode/kinds.ts';
import { type Participant, participant } from '../state/participant.ts';

export interface AnchorRecord extends ActorCommand {
  readonly type: 'anchorRecord';
  readonly owner: Address;
  readonly compartment: Hex;
  readonly epoch: number;
  readonly level: Level;
  readonly payloadDigest: Hex;
  readonly headerDigest: Hex;
  readonly content: Hex;
  readonly salt: Hex;
}

interface State {
  readonly owner: Participant;
}

const authorRoles: readonly Role[] = ['provider', 'organisation', 'device'];

export const anchorRecord: CommandDefinition<AnchorRecord, State> = {
  name: 'anchorRecord',
  code: 4,
  doc: 'An author anchors a sealed record of a patient: digests, level and compartment; the data itself stays off the ledger.',
  signers: 'actor',
  fields: {
    owner: { kind: 'participant', doc: 'the patient whose record it is' },
    compartment: { kind: 'commitment', doc: 'compartment tag, keyed by the patient' },
    epoch: { kind: 'epoch', doc: 'epoch of the compartment that the record is sealed under' },
    level: { kind: 'level', doc: 'sensitivity of the record' },
    payloadDigest: { kind: 'digest', doc: 'SHA-256 of the sealed payload' },
    headerDigest: { kind: 'digest', doc: 'SHA-256 of the header' },
    content: { kind: 'commitment', doc: 'salted commitment to plaintext digest and time of measurement' },
    salt: { kind: 'salt', doc: 'makes the record id unique' },
  },
  reads: (c) => ({ owner: participant.key(c.owner) }),
  rules: [
    ['UNKNOWN_PARTICIPANT', 'reject', ({ s }) => s.owner !== undefined],
    [
      'ROLE_NOT_ALLOWED',
      'reject',
      ({ c, actor }) =>
        actor.roles.some((role) => authorRoles.includes(role)) ||
        (c.owner === c.actor && actor.roles.includes('patient')),
    ],
  ],
  effect: () => [],
  effectDoc: 'log only',
  repeatsDoc: 'the first anchor of a record id wins; later ones are marked DUPLICATE_RECORD',
};
