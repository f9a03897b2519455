import type { ActorCommand, CommandDefinition, NoState } from '../command.ts';
import type { Hex } from '../encode/bytes.ts';
import type { Address } from '../encode/kinds.ts';

export interface EraseRecord extends ActorCommand {
  readonly type: 'eraseRecord';
  readonly patient: Address;
  readonly record: Hex;
  readonly reason: Hex;
}

export const eraseRecord: CommandDefinition<EraseRecord, NoState> = {
  name: 'eraseRecord',
  code: 13,
  doc: 'A patient has a record of hers erased for ever. No holder releases anything for it again; its entries stay in the log.',
  signers: 'actor',
  fields: {
    patient: { kind: 'participant', doc: 'whose record' },
    record: { kind: 'id', doc: 'which record' },
    reason: { kind: 'commitment', doc: 'salted commitment to the reason' },
  },
  reads: () => ({}),
  rules: [['NOT_OWNER', 'reject', ({ c }) => c.actor === c.patient]],
  effect: () => [],
  effectDoc: 'log only',
  repeatsDoc: 'erased is erased; marked UNKNOWN_RECORD where the record is not hers',
};
