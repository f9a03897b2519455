import type { Hex } from '../encode/bytes.ts';
import { type Address, reaches } from '../encode/kinds.ts';
import type { HolderCode } from '../rejections.ts';
import type { GrantFacts, RecordFacts } from './release.ts';
import { inScope } from './scope.ts';

/** What the log alone says about whether holders honour an entry. */
export interface Marks {
  /** Reasons, by the log alone, why holders do not honour the entry. It stands in the log all the same. */
  readonly holder: readonly HolderCode[];
  /** What only a header can tell. */
  readonly unchecked: readonly HolderCode[];
}

export const noMarks: Marks = { holder: [], unchecked: [] };

/**
 * Marks of an applied `useAccess`. A scope that is not the record's compartment may be the root of a list: without the
 * list it is unchecked, with the list in the facts it is decided.
 */
export function markUse(use: {
  readonly recordId: Hex;
  readonly headerDigest: Hex;
  readonly grant: GrantFacts | undefined;
  readonly record: RecordFacts | undefined;
}): Marks {
  const { grant, record } = use;
  const holder: HolderCode[] = [];
  const unchecked: HolderCode[] = ['STALE_EPOCH', 'NO_TICKET', 'BAD_STANZA'];
  if (record === undefined || record.headerDigest !== use.headerDigest) holder.push('UNKNOWN_RECORD');
  if (record?.erased === true) holder.push('RECORD_ERASED');
  if (record === undefined || grant === undefined) return { holder, unchecked };
  const listed = inScope(grant, { id: use.recordId, compartment: record.compartment });
  const outside = record.owner !== grant.patient || (!grant.newData && record.index > grant.index);
  if (outside || (!listed && grant.records !== undefined)) holder.push('OUT_OF_SCOPE');
  else if (!listed) unchecked.push('OUT_OF_SCOPE');
  if (!reaches(grant.level, record.level)) holder.push('LEVEL_EXCEEDED');
  return { holder, unchecked };
}

/**
 * Marks of an `anchorRecord`: the first anchor of an id wins, and only in the epoch of its compartment that is present at
 * its place in the log. Holders know no record of an anchor that is marked.
 */
export function markAnchor(anchor: {
  readonly known: boolean;
  readonly epoch: number;
  readonly presentEpoch: number;
}): Marks {
  const holder: HolderCode[] = [];
  if (anchor.known) holder.push('DUPLICATE_RECORD');
  if (anchor.epoch !== anchor.presentEpoch) holder.push('STALE_EPOCH');
  return { holder, unchecked: ['NO_TICKET'] };
}

/** Marks of a `supersedeRecord`: a new header takes the place of the present one of a record that stands. */
export function markSupersession(supersession: {
  readonly patient: Address;
  readonly previousHeader: Hex;
  readonly record: RecordFacts | undefined;
}): Marks {
  const { patient, previousHeader, record } = supersession;
  if (record?.owner !== patient) return { holder: ['UNKNOWN_RECORD'], unchecked: [] };
  if (record.erased) return { holder: ['RECORD_ERASED'], unchecked: [] };
  return { holder: record.headerDigest === previousHeader ? [] : ['STALE_HEADER'], unchecked: [] };
}

/** Marks of an `eraseRecord`: only its owner erases a record, and again does no harm. */
export function markErasure({
  patient,
  record,
}: {
  readonly patient: Address;
  readonly record: RecordFacts | undefined;
}): Marks {
  return { holder: record?.owner === patient ? [] : ['UNKNOWN_RECORD'], unchecked: [] };
}

/** Marks of a `reportViolation`: it should point at an entry that names the patient. */
export function markReport(concernsPatient: boolean): Marks {
  return { holder: concernsPatient ? [] : ['UNFOUNDED'], unchecked: [] };
}
