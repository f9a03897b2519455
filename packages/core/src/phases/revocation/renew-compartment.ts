import type { Actor } from '../../actor/actor.ts';
import type { Rekeying } from '../../actor/rekey-compartment.ts';
import { renewEpoch } from '../../actor/renew-epoch.ts';
import type { SubmitOptions } from '../../actor/submit-command.ts';
import { compartmentTag } from '../../keys/compartment.ts';

/**
 * Moves a compartment to new keys without withdrawing anything, such as when the patient no longer trusts her proxies:
 * tickets are issued again and every live grant of new data gets new fragments. Existing records stay under their old
 * keys until `rotateRecords`. On the ledger it is a grant to herself, revoked at once. Interrupted after that, it is
 * completed by `resumeRekeying`; called again, it moves the compartment once more.
 *
 * @throws RejectedError NOT_REGISTERED or BANNED.
 */
export async function renewCompartment(
  patient: Actor,
  { compartment: name }: { readonly compartment: string },
  options: SubmitOptions = {},
): Promise<Rekeying> {
  const { network, keys } = patient;
  await network.view.sync(options);
  return renewEpoch(patient, compartmentTag(keys, name), options);
}
