import { type Command, type CommandSigner, signCommand } from '@medseal/protocol';
import { AccessViolationError } from '../errors/access-violation-error.ts';
import type { CallOptions } from '../ports/call-options.ts';
import type { Receipt } from '../ports/ledger.ts';
import type { Actor, NetworkParts } from './actor.ts';

export interface SubmitOptions extends CallOptions {
  /** Resolve when the command stands in the log (default), or only when it can no longer be undone. */
  readonly finality?: 'committed' | 'final' | undefined;
}

/** Own fields of a command: what it is about, without who signs and until when. */
export type CommandFields<C extends Command = Command> = C extends Command ? Omit<C, 'actor' | 'validUntil'> : never;

/** Seconds for which a signed command may enter the ledger. A use is short-lived: it cannot be kept for later. */
const VALIDITY = 300;
const USE_VALIDITY = 60;

/** Completes the fields of a participant's command. */
export function actorCommand(actor: Actor, fields: CommandFields<Extract<Command, { actor: string }>>): Command {
  const validity = fields.type === 'useAccess' ? USE_VALIDITY : VALIDITY;
  return { ...fields, actor: actor.id, validUntil: actor.network.now() + validity };
}

/** Signs and submits an actor's command. */
export async function submitAs(
  actor: Actor,
  fields: CommandFields<Extract<Command, { actor: string }>>,
  options: SubmitOptions = {},
): Promise<Receipt> {
  const { network, keys } = actor;
  const wire = await signCommand(actorCommand(actor, fields), network.ledger.genesis.domain, keys.signer);
  return submitWire(network, wire, options);
}

/** Signs and submits a command of the registry; `last` signs behind the authority (proof of possession). */
export async function submitByAuthority(
  network: NetworkParts,
  fields: CommandFields<Exclude<Command, { actor: string }>>,
  { signers, last = [] }: { readonly signers: readonly CommandSigner[]; readonly last?: readonly CommandSigner[] },
  options: SubmitOptions = {},
): Promise<Receipt> {
  const command = { ...fields, validUntil: network.now() + VALIDITY } as Command;
  const ascending = signers.toSorted((a, b) => (a.address < b.address ? -1 : 1));
  const wire = await signCommand(command, network.ledger.genesis.domain, ...ascending, ...last);
  return submitWire(network, wire, options);
}

/**
 * Submits wire bytes and waits for their place in the log.
 *
 * @throws RejectedError when a rule refuses the command, AccessViolationError when it was logged as a violation,
 *   LedgerUnavailableError when the ledger does not answer.
 */
export async function submitWire(
  { ledger }: Pick<NetworkParts, 'ledger'>,
  wire: Uint8Array,
  { finality = 'committed', signal }: SubmitOptions = {},
): Promise<Receipt> {
  const submission = await ledger.submit(wire, { signal });
  const receipt = await (finality === 'final' ? submission.final({ signal }) : submission.committed({ signal }));
  if (receipt.violation !== undefined) throw new AccessViolationError(receipt.violation, receipt);
  return receipt;
}
