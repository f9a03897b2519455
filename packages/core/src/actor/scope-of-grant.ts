import type { Hex } from '@medseal/protocol';
import type { CallOptions } from '../ports/call-options.ts';
import type { GrantView } from '../view/facts.ts';
import type { Actor } from './actor.ts';
import { learnListsOf } from './learn-lists-of.ts';
import { readTickets } from './read-tickets.ts';

/** What one of the patient's grants covers. `unknown`: the directory has lost the list, or nothing was ever there. */
export type ScopeOfGrant =
  | { readonly kind: 'compartment' }
  | { readonly kind: 'unknown' }
  | { readonly kind: 'records'; readonly records: readonly Hex[] };

/** Tells a list from a compartment: on the ledger both are 32 bytes. */
export async function scopeOfGrant(patient: Actor, grant: GrantView, options: CallOptions = {}): Promise<ScopeOfGrant> {
  const { view } = patient.network;
  if (grant.newData) return { kind: 'compartment' };
  // The list first: anybody who may anchor can write its scope into the place of a compartment.
  await learnListsOf(patient, [grant], options);
  const records = view.listedRecords(grant.scope);
  if (records !== undefined) return { kind: 'records', records };
  return { kind: (await isCompartment(patient, grant.scope, options)) ? 'compartment' : 'unknown' };
}

async function isCompartment(patient: Actor, scope: Hex, options: CallOptions): Promise<boolean> {
  const { view } = patient.network;
  for (const { owner, compartment } of view.records()) if (owner === patient.id && compartment === scope) return true;
  const tickets = await readTickets(patient, options);
  return tickets.some(({ ticket }) => ticket.patient === patient.id && ticket.compartment === scope);
}
