import { type CommandId, signCommand } from '@medseal/protocol';
import type { Actor } from '../../actor/actor.ts';
import { noticeProxies, type Notified } from '../../actor/notice-proxies.ts';
import { actorCommand, submitWire, type SubmitOptions } from '../../actor/submit-command.ts';
import type { Receipt } from '../../ports/ledger.ts';

export interface Revocation extends Notified {
  readonly receipt: Receipt;
}

/**
 * Withdraws a grant for ever: on the ledger, and by direct notice to the proxies, which refuse from then on and delete
 * their fragments. What the grantee has read before cannot be recalled.
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
  // Both ways at once: neither a slow ledger nor a proxy that is down may hold up the other.
  const [notified, receipt] = await Promise.all([
    noticeProxies(network, wire, options),
    submitWire(network, wire, options),
  ]);
  return { receipt, ...notified };
}
