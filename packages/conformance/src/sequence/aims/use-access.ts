import type { Address, Hex } from '@medseal/protocol';
import type { Member } from '../cast.ts';
import { type Aims, type Draft, validUntil } from '../draft.ts';
import {
  active,
  anchored,
  anotherThan,
  anyone,
  banMember,
  denied,
  granted,
  liveGrant,
  outdated,
  reinstateMember,
  revoked,
  usableBy,
} from '../needs.ts';
import { liveListGrant } from '../list-needs.ts';
import { listOfGrant } from '../scopes.ts';
import type { Decided, World } from '../world.ts';

/** Waiting longer than this for a grant to end would carry a sequence too far. */
const PATIENCE = 100;

const noPerson: Hex = `0x${'00'.repeat(32)}`;

function draft(world: World, actor: Member, grant: Decided): Draft {
  const { patient, request } = grant;
  return {
    command: {
      type: 'useAccess',
      patient,
      grant: request,
      ...recordOf(world, grant),
      actingPerson: world.choose([noPerson, world.fresh()]),
      actor: actor.address,
      validUntil: validUntil(world),
    },
    signers: [actor],
  };
}

/** Often a record of the patient, under its present header; of a grant of a list, often one that is on it. */
function recordOf(world: World, grant: Decided): { readonly record: Hex; readonly headerDigest: Hex } {
  const unknown = { record: world.fresh(), headerDigest: world.fresh() };
  const own = world.book.of(grant.patient);
  const ids = listOfGrant(world, grant)?.records ?? [];
  const listed = own.filter(({ record }) => ids.includes(record));
  const { record, headerDigest } = world.choose([...own, ...listed, ...own, ...listed, unknown]);
  return { record, headerDigest: world.choose([headerDigest, headerDigest, headerDigest, world.fresh()]) };
}

function granteeOf(world: World, decided: Decided): Member {
  const grantee = world.decision(decided)?.grantee;
  return grantee === undefined ? anyone(world) : world.memberOf(grantee);
}

/** Often in the very second in which the grant ends. */
function expired(world: World): Decided {
  const usable = usableBy(world, 'granted');
  const until = (one: Decided): number => world.decision(one)?.until ?? 0;
  const dead = world.choose(usable.filter((one) => until(one) <= world.time));
  if (dead !== undefined && world.choose([false, false, true])) return dead;
  const soon = usable.filter((one) => until(one) > world.time && until(one) <= world.time + PATIENCE);
  const ending = world.choose(soon) ?? granted(world, { lasting: 5 });
  world.waitUntil(until(ending));
  return ending;
}

function withBannedOwner(world: World): Decided {
  const live = usableBy(world, 'granted').filter((one) => world.time < (world.decision(one)?.until ?? 0));
  const isBanned = (address: Address): boolean => world.participant(address)?.status === 'banned';
  const found = world.choose(live.filter(({ patient }) => isBanned(patient)));
  if (found !== undefined) return found;
  const grant = world.choose(live.filter((one) => world.decision(one)?.grantee !== one.patient)) ?? granted(world);
  banMember(world, world.memberOf(grant.patient));
  return grant;
}

/** One that its own grantee could not use either: who else tries is told that it is not his. */
function deadGrant(world: World): Decided {
  return world.choose([expired, (w: World) => revoked(w, usableBy(w, 'revoked'))])(world);
}

/** The grantee is banned and reinstated: the grant lives again. */
function reinstatedGrant(world: World): Decided {
  const grant = granted(world);
  const grantee = granteeOf(world, grant);
  banMember(world, grantee);
  reinstateMember(world, grantee);
  return grant;
}

export const useAccessAims: Aims = {
  applied: (world) => {
    const ofAnchored = (w: World): Decided => liveGrant(w, anchored(w));
    const grant = world.choose([(w: World) => liveGrant(w), ofAnchored, liveListGrant, reinstatedGrant])(world);
    const last = (world.decision(grant)?.until ?? 0) - 1;
    if (world.choose([false, true]) && last <= world.time + PATIENCE) world.waitUntil(last);
    return draft(world, granteeOf(world, grant), grant);
  },
  refused: {
    UNKNOWN_PARTICIPANT: (world) =>
      draft(world, active(world), { patient: world.newcomer().address, request: world.fresh() }),
    NO_GRANT: (world) => {
      const what = world.choose(['another’s', 'another’s dead', 'never granted', 'denied', 'of another patient']);
      if (what === 'never granted')
        return draft(world, active(world), { patient: anyone(world).address, request: world.fresh() });
      if (what === 'denied') return draft(world, active(world), denied(world));
      const grant = what === 'another’s dead' ? deadGrant(world) : liveGrant(world);
      const grantee = granteeOf(world, grant);
      if (what === 'of another patient')
        return draft(world, grantee, { ...grant, patient: anotherThan(world, grant.patient).address });
      return draft(world, anotherThan(world, grantee.address), grant);
    },
    GRANT_REVOKED: (world) => {
      const grant = revoked(world, usableBy(world, 'revoked'));
      return draft(world, granteeOf(world, grant), grant);
    },
    KEYS_CHANGED: (world) => {
      const grant = outdated(world);
      return draft(world, granteeOf(world, grant), grant);
    },
    GRANT_EXPIRED: (world) => {
      const grant = expired(world);
      return draft(world, granteeOf(world, grant), grant);
    },
    OWNER_BANNED: (world) => {
      const grant = withBannedOwner(world);
      return draft(world, granteeOf(world, grant), grant);
    },
  },
};
