import { type CommandId, signCommand } from '@medseal/protocol';
import type { Actor } from '../../actor/actor.ts';
import { noticeProxies, type Notified } from '../../actor/notice-proxies.ts';
import { type Rekeying, rekeyCompartment } from '../../actor/rekey-compartment.ts';
import { actorCommand, submitWire, type SubmitOptions } from '../../actor/submit-command.ts';
import type { Receipt } from '../../ports/ledger.ts';

export interface Revocation extends Notified {
  readonly receipt: Receipt;
  /** How the compartment moved on to its next epoch; `undefined` for a grant that this view does not know. */
  readonly rekeying: Rekeying | undefined;
}

/**
 * Withdraws a grant for ever: on the ledger, and by direct notice to the proxies, which refuse from then on and delete
 * their fragments. The compartment moves on to its next epoch: tickets are issued again and the remaining grantees get
 * new fragments in the same call. What the grantee has read before cannot be recalled, and existing records stay under
 * their old keys until `rotateRecords`.
 *
 * @throws RejectedError NO_GRANT, ALREADY_REVOKED or NOT_REGISTERED. The proxies were noticed all the same.
 */
export async function revokeAccess(
  patient: Actor,
  { grant }: { readonly grant: CommandId },
  options: SubmitOptions = {},
): Promise<Revocation> {
  const { network, keys } = patient;
  const command = actorCommand(patient, { type: 'revokeAccess', patient: patient.id, grant });
  const wire = await signCommand(command, network.ledger.genesis.domain, keys.signer);
  await network.view.sync(options);
  const given = network.view.grant(patient.id, grant);
  const next = given && network.view.epoch(patient.id, given.scope) + 1;
  // Both ways at once: neither a slow ledger nor a proxy that is down may hold up the other.
  const [notified, receipt] = await Promise.all([
    noticeProxies(network, wire, options),
    submitWire(network, wire, options),
  ]);
  await network.view.sync(options);
  // Where finality takes longer, the view does not show the revocation yet: its epoch is known all the same.
  const rekeying =
    given === undefined || next === undefined
      ? undefined
      : await rekeyCompartment(patient, { compartment: given.scope, epoch: next }, options);
  return { receipt, ...notified, rekeying };
}
