import type { Address } from '@medseal/protocol';
import type { Projection } from '../view/projection.ts';

/** How much one grantee may read of one patient's records: a stolen key should not empty a whole file at once. */
export interface BulkLimit {
  readonly uses: number;
  /** Length of the window that ends now, by the holder's own clock. */
  readonly seconds: number;
}

/** Two hundred records of one patient in an hour: more than anybody reads, less than a copy of a long history. */
export const defaultBulkLimit: BulkLimit = { uses: 200, seconds: 3600 };

/** Counted in the log, so that a restart forgets nothing and every holder with this limit counts the same. */
export function exceedsBulkLimit(
  view: Projection,
  { actor, patient }: { readonly actor: Address; readonly patient: Address },
  { uses, seconds }: BulkLimit,
  now: number,
): boolean {
  return view.usesBy(actor, patient).filter((time) => time > now - seconds).length > uses;
}
