import type { Address, Hex } from '@medseal/protocol';
import { covers } from './covers.ts';
import type { GrantView } from './facts.ts';
import { grantState } from './grant-state.ts';
import type { Projection } from './projection.ts';

/** Who can have a record's key released to him now, and why. */
export interface Reader {
  readonly id: Address;
  readonly as: 'owner' | 'grantee';
  readonly grant: GrantView | undefined;
}

/** Grants that are live at `time` (seconds; by default the greatest ledger time seen), of one patient or of all. */
export function liveGrants(
  view: Projection,
  where: { readonly patient?: Hex; readonly time?: number } = {},
): GrantView[] {
  const time = where.time ?? view.clock;
  return [...view.grants()].filter(
    (grant) =>
      (where.patient === undefined || grant.patient === where.patient) && grantState(view, grant, time) === 'live',
  );
}

/**
 * Who can read this record at `time`: its owner, and the holders of live grants that cover it. Who was given the data
 * key before keeps it, and so may the author: neither shows on a ledger. A grant of a list counts once the view has
 * learnt the list. Nobody reads an erased record.
 */
export function readersOf(view: Projection, record: Hex, time: number = view.clock): Reader[] {
  const found = view.record(record);
  if (found === undefined || found.erased) return [];
  const grantees = liveGrants(view, { patient: found.owner, time }).filter((grant) => covers(view, grant, found));
  return [
    { id: found.owner, as: 'owner', grant: undefined },
    ...grantees.map((grant): Reader => ({ id: grant.grantee, as: 'grantee', grant })),
  ];
}
