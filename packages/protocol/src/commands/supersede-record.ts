import type { ActorCommand, CommandDefinition, NoState } from '../command.ts';
import type { Hex } from '../encode/bytes.ts';
import type { Address } from '../encode/kinds.ts';

export interface SupersedeRecord extends ActorCommand {
  readonly type: 'supersedeRecord';
  readonly patient: Address;
  readonly record: Hex;
  readonly previousHeader: Hex;
  readonly headerDigest: Hex;
}

export const supersedeRecord: CommandDefinition<SupersedeRecord, NoState> = {
  name: 'supersedeRecord',
  code: 12,
  doc: 'A patient puts a new header in place of the present one of her record. The payload and the record’s id stay.',
  signers: 'actor',
  fields: {
    patient: { kind: 'participant', doc: 'whose record' },
    record: { kind: 'id', doc: 'which record' },
    previousHeader: { kind: 'digest', doc: 'SHA-256 of the header that the patient saw' },
    headerDigest: { kind: 'digest', doc: 'SHA-256 of the new header' },
  },
  reads: () => ({}),
  rules: [['NOT_OWNER', 'reject', ({ c }) => c.actor === c.patient]],
  effect: () => [],
  effectDoc: 'log only',
  repeatsDoc:
    'the view drops the second; marked UNKNOWN_RECORD, RECORD_ERASED or STALE_HEADER where the record is not hers, erased, or has another header',
};
