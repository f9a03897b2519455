import type { Hex } from '../encode/bytes.ts';

/** What a grant covers: the records of a compartment, or those of a list. */
export interface GrantScope {
  /** Compartment tag, or root of a list of records. */
  readonly scope: Hex;
  /** Ids on the list whose root is the scope, and only after that was checked; `undefined` where no list is known. */
  readonly records: readonly Hex[] | undefined;
}

/** Whether a grant's scope is the record's compartment, or a known list that names the record. */
export function inScope(
  { scope, records }: GrantScope,
  record: { readonly id: Hex; readonly compartment: Hex },
): boolean {
  return scope === record.compartment || records?.includes(record.id) === true;
}
