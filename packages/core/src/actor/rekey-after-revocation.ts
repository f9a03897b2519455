import type { GrantView } from '../view/facts.ts';
import type { Actor } from './actor.ts';
import { compartmentsOfList } from './compartments-of-list.ts';
import { type Rekeying, rekeyCompartment } from './rekey-compartment.ts';
import { renewEpoch } from './renew-epoch.ts';
import { scopeOfGrant } from './scope-of-grant.ts';
import type { SubmitOptions } from './submit-command.ts';

export interface RevokedGrant {
  readonly grant: GrantView;
  /** Epoch to which the revocation moved the compartment, were the grant one of a compartment. */
  readonly epoch: number;
  /** The revocation stood already: what an interrupted call left undone is done too. */
  readonly resumed: boolean;
}

/**
 * Moves what a revoked grant reached to new keys: its compartment, or each compartment of its listed records whose
 * present epoch the grant reached.
 *
 * @returns `undefined` where it is not known what the grant covered.
 */
export async function rekeyAfterRevocation(
  patient: Actor,
  { grant, epoch, resumed }: RevokedGrant,
  options: SubmitOptions = {},
): Promise<readonly Rekeying[] | undefined> {
  const { view } = patient.network;
  const scope = await scopeOfGrant(patient, grant, options);
  if (scope.kind === 'unknown') return undefined;
  if (scope.kind === 'compartment')
    return [await rekeyCompartment(patient, { compartment: grant.scope, epoch }, options)];
  const rekeyings: Rekeying[] = [];
  for (const [compartment, exposed] of compartmentsOfList(view, scope.records)) {
    if (exposed) rekeyings.push(await renewEpoch(patient, compartment, options));
    else if (resumed) {
      const present = view.epoch(patient.id, compartment);
      rekeyings.push(await rekeyCompartment(patient, { compartment, epoch: present }, options));
    }
  }
  return rekeyings;
}
