import type { GrantAccess } from '@medseal/protocol';
import type { Member } from '../cast.ts';
import { type Aims, type Draft, untilAhead, untilPassed, validUntil } from '../draft.ts';
import {
  aClerk,
  active,
  anotherThan,
  aPatient,
  banned,
  decisionWhere,
  denied,
  granted,
  lacksClearance,
  levelsAbove,
  levelsWithin,
  undecidedRequest,
} from '../needs.ts';
import { scopeOf } from '../scopes.ts';
import type { Decided, World } from '../world.ts';

function draft(world: World, patient: Member, grantee: Member, change: Partial<GrantAccess> = {}): Draft {
  const request = change.request ?? undecidedRequest(world, patient.address);
  const command: GrantAccess = {
    type: 'grantAccess',
    patient: patient.address,
    request,
    grantee: grantee.address,
    keyVersion: world.participant(grantee.address)?.keyVersion ?? 1,
    scope: scopeOf(world, patient.address),
    level: world.choose(levelsWithin(world, grantee.address)) ?? 'low',
    newData: world.choose([true, false]),
    until: untilAhead(world),
    consent: world.fresh(),
    actor: patient.address,
    ...change,
    validUntil: validUntil(world),
  };
  return { command, signers: [patient] };
}

function pair(world: World): readonly [patient: Member, grantee: Member] {
  const patient = active(world, aPatient);
  return [patient, anotherThan(world, patient.address)];
}

/** A decision of somebody active: granted, denied or revoked. */
function decided(world: World): Decided {
  const own = (one: Decided): boolean => world.participant(one.patient)?.status === 'active';
  const found = decisionWhere(world, own);
  if (found !== undefined) return found;
  const made = world.choose([() => granted(world), () => denied(world)])();
  return own(made) ? made : granted(world);
}

export const grantAccessAims: Aims = {
  applied: (world) => {
    const [patient, grantee] = pair(world);
    return draft(world, patient, world.choose([grantee, grantee, grantee, patient]));
  },
  refused: {
    NOT_OWNER: (world) => {
      const [patient, grantee] = pair(world);
      const actor = world.choose([grantee, anotherThan(world, patient.address)]);
      const { command } = draft(world, patient, grantee, { actor: actor.address });
      return { command, signers: [actor] };
    },
    UNKNOWN_PARTICIPANT: (world) => draft(world, active(world, aPatient), world.newcomer()),
    GRANTEE_BANNED: (world) => {
      const grantee = banned(world);
      return draft(world, active(world, aPatient), grantee, { keyVersion: world.choose([1, 2]) });
    },
    STALE_VERSION: (world) => {
      const [patient, grantee] = pair(world);
      const present = world.participant(grantee.address)?.keyVersion ?? 1;
      return draft(world, patient, grantee, { keyVersion: world.choose([present - 1, present + 1, 2 ** 32 - 1]) });
    },
    CLEARANCE_TOO_LOW: (world) => {
      const grantee = active(world, aClerk, lacksClearance);
      const patient = active(world, aPatient);
      const level = world.choose(levelsAbove(world, grantee.address)) ?? 'private';
      return draft(world, patient, grantee, { level, until: world.choose([untilAhead(world), untilPassed(world)]) });
    },
    UNTIL_PASSED: (world) => {
      const [patient, grantee] = pair(world);
      const request = world.choose([undecidedRequest(world, patient.address), decided(world).request]);
      return draft(world, patient, grantee, { request, until: untilPassed(world) });
    },
    ALREADY_DECIDED: (world) => {
      const { patient, request } = decided(world);
      return draft(world, world.memberOf(patient), anotherThan(world, patient), { request });
    },
  },
};
