import type { Hex } from '@medseal/protocol';
import type { Projection } from '../view/projection.ts';

/**
 * Compartments of listed records, and whether fragments of the list's grant could still serve for new records: they were
 * made for the epochs of the listed records, so a compartment that has moved on since is out of their reach.
 */
export function compartmentsOfList(view: Projection, records: readonly Hex[]): ReadonlyMap<Hex, boolean> {
  const exposed = new Map<Hex, boolean>();
  for (const id of records) {
    const record = view.record(id);
    if (record === undefined) continue;
    const { owner, compartment, epoch } = record;
    exposed.set(compartment, exposed.get(compartment) === true || epoch === view.epoch(owner, compartment));
  }
  return exposed;
}
