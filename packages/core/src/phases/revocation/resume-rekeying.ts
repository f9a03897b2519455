import type { Actor } from '../../actor/actor.ts';
import { type Rekeying, rekeyCompartment } from '../../actor/rekey-compartment.ts';
import { renewalDue } from '../../actor/renewal-due.ts';
import { renewEpoch } from '../../actor/renew-epoch.ts';
import type { SubmitOptions } from '../../actor/submit-command.ts';
import { compartmentTag } from '../../keys/compartment.ts';

/**
 * Brings authors and grantees of a compartment to its present epoch, where a revocation was interrupted or proxies were
 * down. Where the revocation was of listed records and had not moved the compartment yet, it moves first. Does no harm
 * where nothing is left to do.
 */
export async function resumeRekeying(
  patient: Actor,
  { compartment: name }: { readonly compartment: string },
  options: SubmitOptions = {},
): Promise<Rekeying> {
  const { network, keys, id } = patient;
  await network.view.sync(options);
  const compartment = compartmentTag(keys, name);
  if (await renewalDue(patient, compartment, options)) return renewEpoch(patient, compartment, options);
  return rekeyCompartment(patient, { compartment, epoch: network.view.epoch(id, compartment) }, options);
}
