import { type Hex, type Level, levels, reaches } from '@medseal/protocol';
import type { Actor } from '../../actor/actor.ts';
import { RejectedError } from '../../errors/rejected-error.ts';
import { freshSalt } from '../../lib/random.ts';
import { NO_COMPARTMENT } from '../../seal/inbox.ts';
import { encodeRecordList } from '../../seal/record-list.ts';
import type { RecordView } from '../../view/facts.ts';

export interface ListedRecords {
  readonly list: Uint8Array;
  readonly level: Level;
}

/**
 * Makes the list of a grant, under a fresh salt.
 *
 * @param level of the grant; the highest among the records by default
 * @throws RejectedError UNKNOWN_RECORD, RECORD_ERASED, LEVEL_EXCEEDED, or NO_TICKET for a record of the inbox, which has
 *   no key to delegate: file it in a compartment first. RangeError unless there are 1 to 1000 records.
 */
export function listRecords(patient: Actor, ids: readonly Hex[], level: Level | undefined): ListedRecords {
  const records = [...new Set(ids)].toSorted();
  const reached = records.map((id) => requireGrantable(patient, id).level);
  const highest = levels.findLast((candidate) => reached.includes(candidate)) ?? 'low';
  if (level !== undefined && !reaches(level, highest)) throw new RejectedError('LEVEL_EXCEEDED');
  return { list: encodeRecordList({ salt: freshSalt(), records }), level: level ?? highest };
}

function requireGrantable({ id: patient, network }: Actor, id: Hex): RecordView {
  const record = network.view.record(id);
  if (record?.owner !== patient) throw new RejectedError('UNKNOWN_RECORD');
  if (record.erased) throw new RejectedError('RECORD_ERASED');
  if (record.compartment === NO_COMPARTMENT) throw new RejectedError('NO_TICKET');
  return record;
}
