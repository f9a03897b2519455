import type { Hex } from '@medseal/protocol';
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

export interface Moved {
  /**
   * How each compartment that the grant reached moved on to its next epoch. `undefined` where that is not known: this
   * view does not know the grant, or the directory has lost its list of records.
   */
  readonly rekeyings: readonly Rekeying[] | undefined;
  /**
   * Tags of compartments that should have moved. Who is banned can withdraw, but not grant, not even to herself: call
   * again after reinstatement.
   */
  readonly unmoved: readonly Hex[];
}

/**
 * Moves what a revoked grant reached to new keys: its compartment, or each compartment of its listed records whose
 * present epoch the grant reached.
 */
export async function rekeyAfterRevocation(
  patient: Actor,
  { grant, epoch, resumed }: RevokedGrant,
  options: SubmitOptions = {},
): Promise<Moved> {
  const { view } = patient.network;
  const { id } = patient;
  const scope = await scopeOfGrant(patient, grant, options);
  if (scope.kind === 'unknown') return { rekeyings: undefined, unmoved: [] };
  if (scope.kind === 'compartment')
    return { rekeyings: [await rekeyCompartment(patient, { compartment: grant.scope, epoch }, options)], unmoved: [] };
  const banned = view.participant(id)?.status !== 'active';
  const unmoved: Hex[] = [];
  const rekeyings: Rekeying[] = [];
  for (const [compartment, exposed] of compartmentsOfList(view, scope.records)) {
    if (exposed && banned) unmoved.push(compartment);
    else if (exposed) rekeyings.push(await renewEpoch(patient, compartment, options));
    else if (resumed) {
      const present = view.epoch(id, compartment);
      rekeyings.push(await rekeyCompartment(patient, { compartment, epoch: present }, options));
    }
  }
  return { rekeyings, unmoved };
}
