import type { Address } from '@medseal/protocol';
import type { Actor } from '../../actor/actor.ts';
import { issueDepositTicket } from '../../actor/issue-deposit-ticket.ts';
import { compartmentTag } from '../../keys/compartment.ts';
import type { CallOptions } from '../../ports/call-options.ts';
import { type DataClass, levelOf } from '../../seal/data-class.ts';

export interface IssueTicketParameters {
  /** Who may seal records for the patient. */
  readonly author: Address;
  /** Name of the compartment, known to patient and author only. */
  readonly compartment: string;
  readonly dataClass: DataClass;
  /** From when on the author can no longer seal under it. */
  readonly until: Date;
  /** Whether the author may go on opening what he sealed, without any grant; not unless told. */
  readonly authorKeeps?: boolean | undefined;
}

/**
 * A patient lets an author seal records of one class into one compartment, also while the patient is offline. The
 * ticket goes to the author through the directory, sealed to his key. Writes nothing to the ledger.
 *
 * @throws RejectedError UNKNOWN_PARTICIPANT when the author is not registered.
 */
export async function issueTicket(
  patient: Actor,
  { author, compartment: name, dataClass, until, authorKeeps }: IssueTicketParameters,
  options: CallOptions = {},
): Promise<void> {
  const { network, keys, id } = patient;
  await network.view.sync(options);
  const epoch = network.view.epoch(id, compartmentTag(keys, name));
  const end = Math.floor(until.getTime() / 1000);
  const ticket = { author, name, level: levelOf(dataClass), epoch, until: end, authorKeeps };
  await issueDepositTicket(patient, ticket, options);
}
