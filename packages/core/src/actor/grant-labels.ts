import { type Hex, type Level, levels, reaches } from '@medseal/protocol';
import type { CompartmentLabel } from '../keys/compartment.ts';
import type { Actor } from './actor.ts';

/**
 * The keys that a grant must delegate: of each level and epoch in which the compartment has records within its reach,
 * and, where it covers new data, of each level in the present epoch.
 */
export function grantLabels(
  { id, network }: Actor,
  grant: { readonly compartment: Hex; readonly level: Level; readonly newData: boolean },
): readonly CompartmentLabel[] {
  const { compartment } = grant;
  const present = network.view.epoch(id, compartment);
  const covered = levels.filter((level) => reaches(grant.level, level));
  const labels = new Map<string, CompartmentLabel>();
  const add = (level: Level, epoch: number): unknown => labels.set(`${level}/${epoch}`, { compartment, level, epoch });
  for (const record of network.view.records()) {
    const { owner, level, epoch } = record;
    if (owner === id && record.compartment === compartment && covered.includes(level)) add(level, epoch);
  }
  // A grant of existing data in an empty compartment would otherwise have nothing to deliver, and never be ready.
  if (grant.newData || labels.size === 0) for (const level of covered) add(level, present);
  return [...labels.values()];
}
