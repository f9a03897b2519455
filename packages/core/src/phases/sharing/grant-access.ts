import { type Address, type CommandId, type Level, toHex } from '@medseal/protocol';
import { RejectedError } from '../../errors/rejected-error.ts';
import type { Actor } from '../../actor/actor.ts';
import { deliverFragments, type Delivery } from '../../actor/deliver-fragments.ts';
import { grantLabels } from '../../actor/grant-labels.ts';
import { openTerms } from '../../actor/open-terms.ts';
import { submitAs, type SubmitOptions } from '../../actor/submit-command.ts';
import { compartmentTag } from '../../keys/compartment.ts';
import { freshSalt } from '../../lib/random.ts';
import { consentCommitment, encodeConsent } from '../../seal/terms.ts';

/** What the patient grants. Whatever is left out is taken from the request that the grant answers. */
export interface GrantAccessParameters {
  /** The request answered. Without one, `grantee`, `compartment` and `until` are needed: nobody asked. */
  readonly request?: CommandId | undefined;
  readonly grantee?: Address | undefined;
  readonly compartment?: string | undefined;
  readonly level?: Level | undefined;
  readonly newData?: boolean | undefined;
  readonly until?: Date | undefined;
  readonly purpose?: string | undefined;
  /** The text that the patient was shown; part of the consent receipt. */
  readonly text?: string | undefined;
}

export interface Grant extends Delivery {
  /** Number of the grant: that of the request. */
  readonly id: CommandId;
  /** Bytes of the consent receipt that the ledger has a commitment to. Keep them; empty on a resumed delivery. */
  readonly consent: Uint8Array;
}

interface GrantTerms {
  readonly request: CommandId;
  readonly grantee: Address;
  readonly compartment: string;
  readonly level: Level;
  readonly newData: boolean;
  readonly until: number;
  readonly purpose: string;
}

/**
 * Grants access: the command on the ledger first, then a key fragment to each proxy. The grant is ready when as many
 * proxies as the threshold have acknowledged. Called again for a grant that stands, it only delivers the fragments again.
 *
 * @throws RejectedError ALREADY_DECIDED, GRANTEE_BANNED, STALE_VERSION, CLEARANCE_TOO_LOW, UNTIL_PASSED …
 * @throws NotEnoughProxiesError when fewer proxies than the threshold have acknowledged: call again.
 */
export async function grantAccess(
  patient: Actor,
  parameters: GrantAccessParameters,
  options: SubmitOptions = {},
): Promise<Grant> {
  const { network, keys } = patient;
  await network.view.sync(options);
  const terms = await grantTerms(patient, parameters, options);
  const compartment = compartmentTag(keys, terms.compartment);
  const consent = standingGrant(patient, terms.request)
    ? new Uint8Array()
    : await submitGrant(patient, { ...terms, scope: compartment, text: parameters.text ?? '' }, options);
  await network.view.sync(options);
  const labels = grantLabels(patient, { ...terms, compartment });
  const delivery = await deliverFragments(patient, { grant: terms.request, grantee: terms.grantee, labels }, options);
  return { id: terms.request, consent, ...delivery };
}

function standingGrant({ id, network }: Actor, request: CommandId): boolean {
  return network.view.decision(id, request)?.status === 'granted';
}

async function grantTerms(
  patient: Actor,
  parameters: GrantAccessParameters,
  options: SubmitOptions,
): Promise<GrantTerms> {
  const { request: id, purpose = 'TREAT', newData = true, level = 'private' } = parameters;
  if (id !== undefined) {
    const asked = patient.network.view.request(id);
    if (asked === undefined) throw new RejectedError('NO_REQUEST');
    const terms = await openTerms(patient, asked, options);
    return {
      request: id,
      grantee: parameters.grantee ?? asked.request.actor,
      compartment: parameters.compartment ?? terms.compartment,
      level: parameters.level ?? asked.request.level,
      newData: parameters.newData ?? asked.request.newData,
      until: parameters.until === undefined ? asked.request.until : seconds(parameters.until),
      purpose: parameters.purpose ?? terms.purpose,
    };
  }
  const { grantee, compartment, until } = parameters;
  if (grantee === undefined || compartment === undefined || until === undefined)
    throw new TypeError('A grant without a request needs grantee, compartment and until');
  return { request: toHex(freshSalt()), grantee, compartment, level, newData, until: seconds(until), purpose };
}

async function submitGrant(
  patient: Actor,
  grant: GrantTerms & { readonly scope: CommandId; readonly text: string },
  options: SubmitOptions,
): Promise<Uint8Array> {
  const { request, grantee, level, newData, until, scope } = grant;
  const standing = patient.network.view.participant(grantee);
  if (standing === undefined) throw new RejectedError('UNKNOWN_PARTICIPANT');
  const consent = encodeConsent({ ...grant, patient: patient.id, salt: freshSalt() });
  const { keyVersion } = standing;
  const fields = { request, grantee, keyVersion, scope, level, newData, until, consent: consentCommitment(consent) };
  // Proxies act on final entries only, so the grant must be final before they can take charge of its fragments.
  await submitAs(patient, { type: 'grantAccess', patient: patient.id, ...fields }, { ...options, finality: 'final' });
  return consent;
}

function seconds(date: Date): number {
  return Math.floor(date.getTime() / 1000);
}
