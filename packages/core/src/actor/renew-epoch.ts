import { type Hex, toHex } from '@medseal/protocol';
import { RejectedError } from '../errors/rejected-error.ts';
import { freshSalt } from '../lib/random.ts';
import { commitText } from '../seal/commit-text.ts';
import type { Actor } from './actor.ts';
import { type Rekeying, rekeyCompartment } from './rekey-compartment.ts';
import { submitAs, type SubmitOptions } from './submit-command.ts';

/** Seconds that the patient's grant to herself could last, were it not revoked at once. */
const OWN_GRANT_VALIDITY = 600;

/**
 * Moves a compartment to its next epoch though nobody loses access. The log counts an epoch by the revocation of a grant
 * of the compartment, so the patient grants it to herself, without key fragments, and revokes that. Interrupted in
 * between, it leaves a grant that gives nothing and ends by itself.
 */
export async function renewEpoch(patient: Actor, compartment: Hex, options: SubmitOptions = {}): Promise<Rekeying> {
  const { network, id } = patient;
  const standing = network.view.participant(id);
  if (standing === undefined) throw new RejectedError('NOT_REGISTERED');
  const next = network.view.epoch(id, compartment) + 1;
  const grant = toHex(freshSalt());
  const { keyVersion } = standing;
  const to = { patient: id, request: grant, grantee: id, keyVersion, scope: compartment } as const;
  const { commitment: consent } = commitText('reason', 'renewal of a compartment');
  const until = Math.max(network.now(), network.view.clock) + OWN_GRANT_VALIDITY;
  const terms = { level: 'low', newData: false, until, consent } as const;
  await submitAs(patient, { type: 'grantAccess', ...to, ...terms }, options);
  await submitAs(patient, { type: 'revokeAccess', patient: id, grant }, options);
  await network.view.sync(options);
  // Where finality takes longer, the view does not show the revocation yet: its epoch is known all the same.
  const epoch = Math.max(next, network.view.epoch(id, compartment));
  return rekeyCompartment(patient, { compartment, epoch }, options);
}
