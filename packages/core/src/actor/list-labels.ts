import type { Hex } from '@medseal/protocol';
import type { CompartmentLabel } from '../keys/compartment.ts';
import type { Projection } from '../view/projection.ts';

/** The keys that a grant of listed records must delegate: one for each compartment, level and epoch among them. */
export function listLabels(view: Projection, records: readonly Hex[]): readonly CompartmentLabel[] {
  const labels = new Map<string, CompartmentLabel>();
  for (const id of records) {
    const record = view.record(id);
    if (record === undefined || record.erased) continue;
    const { compartment, level, epoch } = record;
    labels.set(`${compartment}/${level}/${epoch}`, { compartment, level, epoch });
  }
  return [...labels.values()];
}
