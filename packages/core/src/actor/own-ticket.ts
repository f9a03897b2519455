import { publicKeyOf } from '@medseal/umbral';
import { type CompartmentLabel, delegatingKey } from '../keys/compartment.ts';
import { issueTicket, type Ticket } from '../seal/ticket.ts';
import type { Actor } from './actor.ts';
import type { UsableTicket } from './deposit-record.ts';

/** Seconds that a patient's ticket to herself lasts: longer than any ledger takes to commit. */
const OWN_TICKET_VALIDITY = 86_400;

/** A patient who seals for herself signs her own ticket, so that holders have one rule for all records. */
export async function ownTicket({ id, keys, network }: Actor, label: CompartmentLabel): Promise<UsableTicket> {
  const ticket: Ticket = {
    domain: network.ledger.genesis.domain,
    patient: id,
    author: id,
    ...label,
    delegatingPublicKey: publicKeyOf(delegatingKey(keys, label)),
    until: network.now() + OWN_TICKET_VALIDITY,
  };
  return { bytes: await issueTicket(ticket, keys.signer), ticket };
}
