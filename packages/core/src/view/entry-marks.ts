import {
  anchoredRecordId,
  type Command,
  type CommandId,
  type Hex,
  markAnchor,
  markErasure,
  markReport,
  type Marks,
  markSupersession,
  markUse,
  noMarks,
} from '@medseal/protocol';
import type { GrantView, RecordLists, RecordView, ViewEntry } from './facts.ts';
import { grantFacts, type Standing } from './grant-state.ts';

/** What the entries before have made known. */
interface Known extends Standing, RecordLists {
  entry(id: CommandId): ViewEntry | undefined;
  epoch(patient: Hex, compartment: Hex): number;
  grant(patient: Hex, id: Hex): GrantView | undefined;
  record(id: Hex): RecordView | undefined;
}

/** Why holders do not honour the entry of an applied command, as far as the log alone tells. */
export function entryMarks(known: Known, command: Command): Marks {
  switch (command.type) {
    case 'anchorRecord':
      return markAnchor({
        known: known.record(anchoredRecordId(command)) !== undefined,
        epoch: command.epoch,
        presentEpoch: known.epoch(command.owner, command.compartment),
      });
    case 'useAccess': {
      const grant = known.grant(command.patient, command.grant);
      return markUse({
        recordId: command.record,
        headerDigest: command.headerDigest,
        // Without the list: marks come from the log alone, so that those of all readers agree.
        grant: grant && { ...grantFacts(known, grant), records: undefined },
        record: known.record(command.record),
      });
    }
    case 'supersedeRecord':
      return markSupersession({ ...command, record: known.record(command.record) });
    case 'eraseRecord':
      return markErasure({ patient: command.patient, record: known.record(command.record) });
    case 'reportViolation': {
      const about = known.entry(command.entry)?.command;
      const owner = about && ('patient' in about ? about.patient : 'owner' in about ? about.owner : undefined);
      return markReport(owner === command.patient);
    }
    default:
      return noMarks;
  }
}
