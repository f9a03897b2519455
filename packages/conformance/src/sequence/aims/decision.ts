import type { Address, Hex } from '@medseal/protocol';
import type { Member } from '../cast.ts';
import { type Aims, type Draft, validUntil } from '../draft.ts';
import { anotherThan, anyone, decisionWhere, denied, granted, revoked, undecidedRequest } from '../needs.ts';
import { liveListGrant, renewal } from '../list-needs.ts';
import type { Decided, World } from '../world.ts';

function denial(world: World, actor: Member, patient: Address, request: Hex): Draft {
  const command = {
    type: 'denyAccess',
    patient,
    request,
    actor: actor.address,
    validUntil: validUntil(world),
  } as const;
  return { command, signers: [actor] };
}

export const denyAccessAims: Aims = {
  applied: (world) => {
    const patient = anyone(world);
    return denial(world, patient, patient.address, undecidedRequest(world, patient.address));
  },
  refused: {
    NOT_OWNER: (world) => {
      const patient = anyone(world).address;
      return denial(world, anotherThan(world, patient), patient, undecidedRequest(world, patient));
    },
    ALREADY_DECIDED: (world) => {
      const { patient, request } = decisionWhere(world, () => true) ?? granted(world);
      return denial(world, world.memberOf(patient), patient, request);
    },
  },
};

function revocation(world: World, actor: Member, { patient, request }: Decided): Draft {
  return {
    command: { type: 'revokeAccess', patient, grant: request, actor: actor.address, validUntil: validUntil(world) },
    signers: [actor],
  };
}

/** A grant that was given and not withdrawn: live or expired, between whomever. */
function standing(world: World): Decided {
  return decisionWhere(world, (one) => world.decision(one)?.status === 'granted') ?? granted(world);
}

export const revokeAccessAims: Aims = {
  applied: (world) => {
    const grant = world.choose([standing, standing, liveListGrant, renewal])(world);
    return revocation(world, world.memberOf(grant.patient), grant);
  },
  refused: {
    NOT_OWNER: (world) => {
      const grant = standing(world);
      return revocation(world, anotherThan(world, grant.patient), grant);
    },
    NO_GRANT: (world) => {
      const nothing = world.choose([
        () => ({ patient: anyone(world).address, request: world.fresh() }),
        () => denied(world),
      ])();
      return revocation(world, world.memberOf(nothing.patient), nothing);
    },
    ALREADY_REVOKED: (world) => {
      const grant = revoked(
        world,
        world.decisions.filter((one) => world.decision(one)?.status === 'revoked'),
      );
      return revocation(world, world.memberOf(grant.patient), grant);
    },
  },
};
