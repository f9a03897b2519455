import type { CommandId } from '@medseal/protocol';
import type { Actor } from '../../actor/actor.ts';
import { submitAs, type SubmitOptions } from '../../actor/submit-command.ts';
import type { Receipt } from '../../ports/ledger.ts';

/**
 * Denies a request for ever. Also cancels a grant of that number that was signed but never sent.
 *
 * @throws RejectedError ALREADY_DECIDED or NOT_REGISTERED.
 */
export function denyAccess(
  patient: Actor,
  { request }: { readonly request: CommandId },
  options: SubmitOptions = {},
): Promise<Receipt> {
  return submitAs(patient, { type: 'denyAccess', patient: patient.id, request }, options);
}
