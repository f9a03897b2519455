import { type GrantFacts, reaches, type RecordFacts } from '@medseal/protocol';

/** Whether a grant, while it lives, reaches a record: its compartment, its level, and when it was anchored. */
export function covers(
  grant: Pick<GrantFacts, 'scope' | 'level' | 'newData' | 'index'>,
  record: Pick<RecordFacts, 'compartment' | 'level' | 'index'>,
): boolean {
  return (
    grant.scope === record.compartment &&
    reaches(grant.level, record.level) &&
    (grant.newData || record.index < grant.index)
  );
}
