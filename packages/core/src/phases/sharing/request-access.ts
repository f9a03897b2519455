import { type Address, type CommandId, idOf, type Level, signCommand } from '@medseal/protocol';
import type { Actor } from '../../actor/actor.ts';
import { findKeyDocument } from '../../actor/find-key-document.ts';
import { actorCommand, submitWire, type SubmitOptions } from '../../actor/submit-command.ts';
import { freshSalt } from '../../lib/random.ts';
import type { Receipt } from '../../ports/ledger.ts';
import { termsContext } from '../../recipients/box-contexts.ts';
import { sealTo } from '../../recipients/participant-box.ts';
import { encodeTerms, termsCommitment } from '../../seal/terms.ts';

export interface RequestAccessParameters {
  readonly patient: Address;
  /** Name of the compartment that is asked for. */
  readonly compartment: string;
  /** HL7 purpose of use: TREAT, ETREAT, HRESCH … */
  readonly purpose: string;
  readonly reason?: string | undefined;
  /** Highest level asked for; `private` by default. */
  readonly level?: Level | undefined;
  /** Ask for records anchored after the grant too; true by default. */
  readonly newData?: boolean | undefined;
  readonly until: Date;
}

export interface AccessRequest {
  /** The one reference number of request and grant. */
  readonly id: CommandId;
  readonly receipt: Receipt;
}

/**
 * Asks a patient for access. Purpose, compartment and reason go to the patient alone, sealed; the ledger has a salted
 * commitment to them.
 *
 * @throws RejectedError UNKNOWN_PARTICIPANT, CLEARANCE_TOO_LOW, UNTIL_PASSED, NOT_REGISTERED or BANNED.
 */
export async function requestAccess(
  actor: Actor,
  parameters: RequestAccessParameters,
  options: SubmitOptions = {},
): Promise<AccessRequest> {
  const { network, keys } = actor;
  const { patient, compartment, purpose, reason = '', level = 'private', newData = true } = parameters;
  const { domain } = network.ledger.genesis;
  await network.view.sync(options);
  const { receivingPublicKey } = await findKeyDocument(network, patient, options);
  const terms = encodeTerms({ compartment, purpose, reason, salt: freshSalt() });
  const until = Math.floor(parameters.until.getTime() / 1000);
  const asked = { type: 'requestAccess', patient, level, newData, until, terms: termsCommitment(terms) } as const;
  const command = actorCommand(actor, asked);
  const id = idOf(command, domain);
  // The terms come first: a request on the ledger that the patient cannot read would be of no use to her.
  await network.directory.put(
    'terms',
    id,
    await sealTo(receivingPublicKey, terms, termsContext(domain, patient)),
    options,
  );
  const receipt = await submitWire(network, await signCommand(command, domain, keys.signer), options);
  return { id, receipt };
}
