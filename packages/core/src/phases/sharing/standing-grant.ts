import type { Hex } from '@medseal/protocol';
import type { Actor } from '../../actor/actor.ts';
import { findRecordList } from '../../actor/find-record-list.ts';
import { scopeOfGrant } from '../../actor/scope-of-grant.ts';
import { RejectedError } from '../../errors/rejected-error.ts';
import { AbsentError } from '../../errors/store-errors.ts';
import type { CallOptions } from '../../ports/call-options.ts';
import type { Deliverable, GrantAccessParameters } from './grant-terms.ts';

/**
 * The grant that stands under the number given, as the ledger has it; `undefined` where there is none.
 *
 * @throws RejectedError ALREADY_DECIDED when it is of other records than those given, AbsentError when its list is lost.
 */
export async function standingGrant(
  patient: Actor,
  { request, records }: GrantAccessParameters,
  options: CallOptions,
): Promise<Deliverable | undefined> {
  const { view } = patient.network;
  const grant = request && view.grant(patient.id, request);
  if (grant === undefined || view.decision(patient.id, grant.id)?.status !== 'granted') return undefined;
  const { id, grantee, scope, level, newData } = grant;
  const known = await scopeOfGrant(patient, grant, options);
  const deliverable = { request: id, grantee, scope, level, newData };
  if (known.kind === 'records') {
    if (records !== undefined && !sameRecords(records, known.records)) throw new RejectedError('ALREADY_DECIDED');
    const list = await findRecordList(patient, scope, options);
    if (list === undefined) throw lost();
    return { ...deliverable, list };
  }
  if (known.kind === 'unknown') throw lost();
  if (records !== undefined) throw new RejectedError('ALREADY_DECIDED');
  return { ...deliverable, list: undefined };
}

function sameRecords(given: readonly Hex[], listed: readonly Hex[]): boolean {
  const all = new Set(given);
  return all.size === listed.length && listed.every((id) => all.has(id));
}

function lost(): AbsentError {
  return new AbsentError('The directory has no list of the records that the grant covers');
}
