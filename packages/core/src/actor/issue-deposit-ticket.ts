import type { Address, Level } from '@medseal/protocol';
import { publicKeyOf } from '@medseal/umbral';
import { compartmentTag, delegatingKey } from '../keys/compartment.ts';
import type { CallOptions } from '../ports/call-options.ts';
import { ticketContext } from '../recipients/box-contexts.ts';
import { sealTo } from '../recipients/participant-box.ts';
import { encodeNamedTicket } from '../seal/named-ticket.ts';
import { issueTicket } from '../seal/ticket.ts';
import type { Actor } from './actor.ts';
import { findKeyDocument } from './find-key-document.ts';

export interface DepositTicketParameters {
  readonly author: Address;
  /** Name of the compartment. */
  readonly name: string;
  readonly level: Level;
  readonly epoch: number;
  /** First second at which nothing more may be sealed under it. */
  readonly until: number;
  /** Whether the author keeps a stanza of his own; not unless told. */
  readonly authorKeeps?: boolean | undefined;
}

/**
 * Signs a ticket and puts it into the directory twice, each time sealed: for the author, and for the patient herself,
 * who must know her tickets to issue them again in a new epoch.
 */
export async function issueDepositTicket(
  patient: Actor,
  { author, name, level, epoch, until, authorKeeps }: DepositTicketParameters,
  options: CallOptions = {},
): Promise<void> {
  const { network, keys, id } = patient;
  const { domain } = network.ledger.genesis;
  const label = { compartment: compartmentTag(keys, name), level, epoch };
  const delegatingPublicKey = publicKeyOf(delegatingKey(keys, label));
  const ticket = await issueTicket(
    { domain, patient: id, author, ...label, delegatingPublicKey, until, authorKeeps },
    keys.signer,
  );
  const named = encodeNamedTicket({ name, ticket });
  // Her own copy last: it says that the author has his, and an interrupted call is made again.
  for (const recipient of new Set([author, id])) {
    const { receivingPublicKey } = await findKeyDocument(network, recipient, options);
    const box = await sealTo(receivingPublicKey, named, ticketContext(domain, recipient));
    await network.directory.put('ticket', recipient, box, options);
  }
}
