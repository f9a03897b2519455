import type { ViewEntry } from './facts.ts';
import type { Projection } from './projection.ts';

/**
 * Whether a use asked for a record that is not on its grant's list: what the marks of an entry leave open, since they
 * come from the log alone. Holders have refused it. `undefined` where the log has decided, or the list is not known.
 */
export function usedOutsideList(view: Projection, { command, unchecked }: ViewEntry): boolean | undefined {
  if (command.type !== 'useAccess' || !unchecked.includes('OUT_OF_SCOPE')) return undefined;
  const grant = view.grant(command.patient, command.grant);
  const listed = grant && view.listedRecords(grant.scope);
  return listed && !listed.includes(command.record);
}
