import { active, anchored, aPatient, granted, usableBy } from './needs.ts';
import { listOf, listOfGrant } from './scopes.ts';
import type { Decided, World } from './world.ts';

/** A grant of listed records that may be used now. */
export function liveListGrant(world: World): Decided {
  const live = usableBy(world, 'granted').filter(
    (one) =>
      listOfGrant(world, one) !== undefined &&
      world.time < (world.decision(one)?.until ?? 0) &&
      world.participant(one.patient)?.status === 'active',
  );
  const found = world.choose(live);
  if (found !== undefined) return found;
  const patient = anchored(world);
  return granted(world, { patient, scope: listOf(world, patient.address).scope });
}

/**
 * A grant of a compartment by a patient to herself, to be revoked at once: so a patient renews the compartments of a list
 * that was revoked.
 */
export function renewal(world: World): Decided {
  const patient = world.choose([anchored, (w: World) => active(w, aPatient)])(world);
  return granted(world, { patient, grantee: patient });
}
