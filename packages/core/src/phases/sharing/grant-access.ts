import type { CommandId } from '@medseal/protocol';
import type { Actor } from '../../actor/actor.ts';
import { deliverFragments, type Delivery } from '../../actor/deliver-fragments.ts';
import { grantLabels } from '../../actor/grant-labels.ts';
import { keepRecordList } from '../../actor/keep-record-list.ts';
import { listLabels } from '../../actor/list-labels.ts';
import { submitAs, type SubmitOptions } from '../../actor/submit-command.ts';
import { RejectedError } from '../../errors/rejected-error.ts';
import { freshSalt } from '../../lib/random.ts';
import { parseRecordList } from '../../seal/record-list.ts';
import { consentCommitment, encodeConsent } from '../../seal/terms.ts';
import {
  type Deliverable,
  type GrantAccessParameters,
  grantTerms,
  type GrantTerms,
  requireConsistent,
} from './grant-terms.ts';
import { standingGrant } from './standing-grant.ts';

export interface Grant extends Delivery {
  /** Number of the grant: that of the request. */
  readonly id: CommandId;
  /** Bytes of the consent receipt that the ledger has a commitment to. Keep them; empty on a resumed delivery. */
  readonly consent: Uint8Array;
}

/**
 * Grants access to a compartment, or to listed records: the command on the ledger first, then key fragments to each
 * proxy. The grant is ready when as many proxies as the threshold have acknowledged. Called again for a grant that
 * stands, it only delivers the fragments again, on the terms that stand.
 *
 * Of listed records the ledger has a salted root. The proxies, the grantee and the patient's own devices get the list,
 * sealed. A record that is erased or sealed anew (`rotateRecords`) leaves the grant, since its id ends.
 *
 * @throws RejectedError ALREADY_DECIDED, GRANTEE_BANNED, STALE_VERSION, CLEARANCE_TOO_LOW, UNTIL_PASSED …; of records
 *   UNKNOWN_RECORD, RECORD_ERASED, LEVEL_EXCEEDED, or NO_TICKET for one of the inbox.
 * @throws NotEnoughProxiesError when fewer proxies than the threshold have acknowledged: call again.
 * @throws AbsentError when the directory has lost the terms of the request, or the list of a grant that stands.
 */
export async function grantAccess(
  patient: Actor,
  parameters: GrantAccessParameters,
  options: SubmitOptions = {},
): Promise<Grant> {
  requireConsistent(parameters);
  const { network } = patient;
  await network.view.sync(options);
  const standing = await standingGrant(patient, parameters, options);
  if (standing !== undefined) {
    const delivery = await deliver(patient, standing, options);
    return { id: standing.request, consent: new Uint8Array(), ...delivery };
  }
  const terms = await grantTerms(patient, parameters, options);
  const consent = await submitGrant(patient, terms, parameters.text ?? '', options);
  await network.view.sync(options);
  return { id: terms.request, consent, ...(await deliver(patient, terms, options)) };
}

async function deliver(
  patient: Actor,
  { request: grant, grantee, scope, level, newData, list }: Deliverable,
  options: SubmitOptions,
): Promise<Delivery> {
  const labels =
    list === undefined
      ? grantLabels(patient, { compartment: scope, level, newData })
      : listLabels(patient.network.view, parseRecordList(list).records);
  if (labels.length === 0) throw new RejectedError('RECORD_ERASED');
  return deliverFragments(patient, { grant, grantee, labels, list }, options);
}

async function submitGrant(
  patient: Actor,
  grant: GrantTerms,
  text: string,
  options: SubmitOptions,
): Promise<Uint8Array> {
  const { request, grantee, scope, list, level, newData, until } = grant;
  const standing = patient.network.view.participant(grantee);
  if (standing === undefined) throw new RejectedError('UNKNOWN_PARTICIPANT');
  const consent = encodeConsent({ ...grant, text, patient: patient.id, salt: freshSalt() });
  const { keyVersion } = standing;
  const fields = { request, grantee, keyVersion, scope, level, newData, until, consent: consentCommitment(consent) };
  if (list !== undefined) await keepRecordList(patient, list, options);
  try {
    // Proxies act on final entries only, so the grant must be final before they can take charge of its fragments.
    await submitAs(patient, { type: 'grantAccess', patient: patient.id, ...fields }, { ...options, finality: 'final' });
    return consent;
  } catch (error) {
    // Only a refusal is certain: after an outage the grant may yet appear, and it must find its list.
    if (list !== undefined && error instanceof RejectedError)
      await patient.network.directory.delete('recordList', scope);
    throw error;
  }
}
