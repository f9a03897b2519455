import { type GrantScope, type Hex, inScope, reaches, type RecordFacts } from '@medseal/protocol';
import type { GrantView, RecordLists } from './facts.ts';

/**
 * Whether a grant, while it lives, reaches a record: its compartment or list, its level, and when it was anchored. A
 * list that the view was never told covers nothing.
 */
export function covers(
  view: RecordLists,
  grant: Pick<GrantView, 'patient' | 'scope' | 'level' | 'newData' | 'index'>,
  record: Pick<RecordFacts, 'owner' | 'compartment' | 'level' | 'index'> & { readonly id: Hex },
): boolean {
  const scope: GrantScope = { scope: grant.scope, records: view.listedRecords(grant.scope) };
  return (
    grant.patient === record.owner &&
    inScope(scope, record) &&
    reaches(grant.level, record.level) &&
    (grant.newData || record.index < grant.index)
  );
}
