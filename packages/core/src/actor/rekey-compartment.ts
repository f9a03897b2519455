import { type Address, type Hex, levels, reaches } from '@medseal/protocol';
import { NotEnoughProxiesError, type ProxyFault } from '../errors/proxy-errors.ts';
import { liveGrants } from '../view/readers.ts';
import type { GrantView } from '../view/facts.ts';
import type { Actor } from './actor.ts';
import { deliverFragments } from './deliver-fragments.ts';
import { issueDepositTicket } from './issue-deposit-ticket.ts';
import { type FoundTicket, readTickets } from './read-tickets.ts';
import type { SubmitOptions } from './submit-command.ts';

export interface Rekeying {
  /** Compartment tag. */
  readonly compartment: Hex;
  /** The epoch in which new records of the compartment are sealed from now on. */
  readonly epoch: number;
  /** Authors whose tickets were issued again. */
  readonly authors: readonly Address[];
  /** Grants whose holders can read new records of the new epoch. */
  readonly grants: readonly Hex[];
  /** Grants for which too few proxies hold fragments of the new epoch, and why: call `rekeyCompartment` again. */
  readonly pending: readonly { readonly grant: Hex; readonly faults: readonly ProxyFault[] }[];
}

/**
 * Moves authors and remaining grantees of a compartment to an epoch: tickets are issued again, and every live grant of
 * new data gets fragments of the new keys. Grants of existing data alone need none. May be repeated: tickets of the
 * epoch are left alone, fragments are made afresh.
 */
export async function rekeyCompartment(
  patient: Actor,
  { compartment, epoch }: { readonly compartment: Hex; readonly epoch: number },
  options: SubmitOptions = {},
): Promise<Rekeying> {
  const { network, id } = patient;
  const outdated = await outdatedTickets(patient, { compartment, epoch }, options);
  for (const { name, ticket } of outdated) await issueDepositTicket(patient, { ...ticket, name, epoch }, options);
  const grants: Hex[] = [];
  const pending: { grant: Hex; faults: readonly ProxyFault[] }[] = [];
  const time = Math.max(network.view.clock, network.now());
  for (const given of liveGrants(network.view, { patient: id, time })) {
    if (given.scope !== compartment || !given.newData) continue;
    const faults = await deliverEpoch(patient, given, epoch, options);
    if (faults === undefined) grants.push(given.id);
    else pending.push({ grant: given.id, faults });
  }
  return { compartment, epoch, authors: [...new Set(outdated.map(({ ticket }) => ticket.author))], grants, pending };
}

/** The latest ticket of each author and level that has time left and is not of this epoch yet. */
async function outdatedTickets(
  patient: Actor,
  { compartment, epoch }: { readonly compartment: Hex; readonly epoch: number },
  options: SubmitOptions,
): Promise<readonly FoundTicket[]> {
  const latest = new Map<string, FoundTicket>();
  for (const found of await readTickets(patient, options)) {
    const { ticket } = found;
    if (ticket.patient !== patient.id || ticket.compartment !== compartment) continue;
    if (ticket.until <= patient.network.now()) continue;
    const key = `${ticket.author}/${ticket.level}`;
    if ((latest.get(key)?.ticket.epoch ?? 0) < ticket.epoch) latest.set(key, found);
  }
  return [...latest.values()].filter(({ ticket }) => ticket.epoch < epoch);
}

async function deliverEpoch(
  patient: Actor,
  { id: grant, grantee, scope: compartment, level: reach }: GrantView,
  epoch: number,
  options: SubmitOptions,
): Promise<readonly ProxyFault[] | undefined> {
  const covered = levels.filter((level) => reaches(reach, level));
  const labels = covered.map((level) => ({ compartment, level, epoch }));
  try {
    await deliverFragments(patient, { grant, grantee, labels }, options);
    return undefined;
  } catch (error) {
    // One grantee's trouble must not keep the others from being moved.
    if (error instanceof NotEnoughProxiesError) return error.faults;
    throw error;
  }
}
