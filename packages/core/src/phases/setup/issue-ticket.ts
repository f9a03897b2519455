import type { Address } from '@medseal/protocol';
import { publicKeyOf } from '@medseal/umbral';
import type { Actor } from '../../actor/actor.ts';
import { findKeyDocument } from '../../actor/find-key-document.ts';
import { compartmentTag, delegatingKey } from '../../keys/compartment.ts';
import type { CallOptions } from '../../ports/call-options.ts';
import { sealTo } from '../../recipients/participant-box.ts';
import { ticketContext } from '../../recipients/box-contexts.ts';
import { type DataClass, levelOf } from '../../seal/data-class.ts';
import { encodeNamedTicket } from '../../seal/named-ticket.ts';
import { FIRST_EPOCH } from '../../keys/epoch.ts';
import { issueTicket as signTicket } from '../../seal/ticket.ts';

export interface IssueTicketParameters {
  /** Who may seal records for the patient. */
  readonly author: Address;
  /** Name of the compartment, known to patient and author only. */
  readonly compartment: string;
  readonly dataClass: DataClass;
  /** From when on the author can no longer seal under it. */
  readonly until: Date;
}

/**
 * A patient lets an author seal records of one class into one compartment, also while the patient is offline. The
 * ticket goes to the author through the directory, sealed to his key. Writes nothing to the ledger.
 *
 * @throws RejectedError UNKNOWN_PARTICIPANT when the author is not registered.
 */
export async function issueTicket(
  patient: Actor,
  { author, compartment: name, dataClass, until }: IssueTicketParameters,
  options: CallOptions = {},
): Promise<void> {
  const { network, keys } = patient;
  await network.view.sync(options);
  const { receivingPublicKey } = await findKeyDocument(network, author, options);
  const { domain } = network.ledger.genesis;
  const label = { compartment: compartmentTag(keys, name), level: levelOf(dataClass), epoch: FIRST_EPOCH };
  const delegatingPublicKey = publicKeyOf(delegatingKey(keys, label));
  const ticket = await signTicket(
    { domain, patient: patient.id, author, ...label, delegatingPublicKey, until: Math.floor(until.getTime() / 1000) },
    keys.signer,
  );
  const box = await sealTo(receivingPublicKey, encodeNamedTicket({ name, ticket }), ticketContext(domain, author));
  await network.directory.put('ticket', author, box, options);
}
