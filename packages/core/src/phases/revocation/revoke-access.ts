import { type CommandId, signCommand } from '@medseal/protocol';
import type { Actor } from '../../actor/actor.ts';
import { noticeProxies, type Notified } from '../../actor/notice-proxies.ts';
import { type Moved, rekeyAfterRevocation } from '../../actor/rekey-after-revocation.ts';
import { scopeOfGrant } from '../../actor/scope-of-grant.ts';
import { actorCommand, submitWire, type SubmitOptions } from '../../actor/submit-command.ts';
import type { Receipt } from '../../ports/ledger.ts';
import type { GrantView } from '../../view/facts.ts';

export interface Revocation extends Notified, Moved {
  readonly receipt: Receipt;
}

/**
 * Withdraws a grant for ever: on the ledger, and by direct notice to the proxies, which refuse from then on and delete
 * their fragments. The compartment moves on to its next epoch: tickets are issued again and the remaining grantees get
 * new fragments in the same call. A grant of listed records moves every compartment on whose present keys it delegated;
 * interrupted before that was done, it is completed by the same call again. What the grantee has read before cannot be
 * recalled, and existing records stay under their old keys until `rotateRecords`.
 *
 * @throws RejectedError NO_GRANT, NOT_REGISTERED, or ALREADY_REVOKED for a grant of a compartment. The proxies were
 *   noticed all the same.
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
  const [notified, { given, epoch, resumed, receipt }] = await Promise.all([
    noticeProxies(network, wire, options),
    withdraw(patient, { grant, wire }, options),
  ]);
  await network.view.sync(options);
  // Where finality takes longer, the view does not show the revocation yet: its epoch is known all the same.
  const moved: Moved =
    given === undefined || epoch === undefined
      ? { rekeyings: undefined, unmoved: [] }
      : await rekeyAfterRevocation(patient, { grant: given, epoch, resumed }, options);
  return { receipt, ...notified, ...moved };
}

interface Withdrawn {
  /** The grant, where this view knows it. */
  readonly given: GrantView | undefined;
  /** Epoch to which the revocation moves the compartment, were the grant one of a compartment. */
  readonly epoch: number | undefined;
  /** The revocation stood already. */
  readonly resumed: boolean;
  readonly receipt: Receipt;
}

/** The ledger's side of a revocation. */
async function withdraw(
  patient: Actor,
  { grant, wire }: { readonly grant: CommandId; readonly wire: Uint8Array },
  options: SubmitOptions,
): Promise<Withdrawn> {
  const { network, id } = patient;
  await network.view.sync(options);
  const given = network.view.grant(id, grant);
  const epoch = given && network.view.epoch(id, given.scope) + 1;
  const before = await interruptedRevocation(patient, grant, options);
  const receipt = before ?? (await submitWire(network, wire, options));
  return { given, epoch, resumed: before !== undefined, receipt };
}

/** Where a grant of listed records is revoked already, the place of its revocation: compartments may be left to move. */
async function interruptedRevocation(
  patient: Actor,
  grant: CommandId,
  options: SubmitOptions,
): Promise<Receipt | undefined> {
  const { view } = patient.network;
  const given = view.grant(patient.id, grant);
  // A grant that stands is revoked before anything else is asked, such as a directory that may be down.
  if (given === undefined || view.decision(patient.id, grant)?.status !== 'revoked') return undefined;
  if ((await scopeOfGrant(patient, given, options)).kind !== 'records') return undefined;
  const entry = view.entries.find(
    ({ command, violation }) =>
      violation === undefined &&
      command.type === 'revokeAccess' &&
      command.patient === patient.id &&
      command.grant === grant,
  );
  return entry && { id: entry.id, cursor: entry.cursor, time: entry.time };
}
