import {
  type Address,
  type Decision,
  type Hex,
  type Level,
  levels,
  noOrganisation,
  type Participant,
  reaches,
  type Role,
} from '@medseal/protocol';
import type { Member } from './cast.ts';
import { scopeOf } from './scopes.ts';
import { quorum } from './sign.ts';
import type { Decided, World } from './world.ts';

/** What somebody who must still be registered is registered with. */
export interface Standing {
  readonly roles: readonly Role[];
  readonly clearance: Level;
}

export const aPatient: Standing = { roles: ['patient'], clearance: 'low' };
export const aProvider: Standing = { roles: ['provider', 'patient'], clearance: 'private' };
export const aClerk: Standing = { roles: ['researcher'], clearance: 'moderate' };
export const anOrganisation: Standing = { roles: ['organisation'], clearance: 'private' };

function registered(world: World, { roles, clearance }: Standing): Member {
  const member = world.newcomer();
  world.perform(
    {
      type: 'register',
      participant: member.address,
      keyDocument: world.fresh(),
      organisation: noOrganisation,
      roles,
      clearance,
      person: world.fresh(),
      validUntil: world.time + 60,
    },
    ...quorum(0),
    member,
  );
  return member;
}

/** A member whose standing passes the test: one of those there are, or a new one with `otherwise`. */
export function someone(world: World, test: (standing: Participant) => boolean, otherwise: Standing): Member {
  return world.choose(world.membersWhere(test)) ?? registered(world, otherwise);
}

export function anyone(world: World): Member {
  return someone(world, () => true, aPatient);
}

export function active(
  world: World,
  otherwise: Standing = aProvider,
  test: (standing: Participant) => boolean = () => true,
): Member {
  return someone(world, (standing) => standing.status === 'active' && test(standing), otherwise);
}

/** Somebody active other than `address`. */
export function anotherThan(world: World, address: Address): Member {
  const others = world.membersWhere(({ status }) => status === 'active').filter((one) => one.address !== address);
  return world.choose(others) ?? registered(world, aProvider);
}

export function banMember(world: World, member: Member): void {
  world.perform(
    {
      type: 'ban',
      participant: member.address,
      expectedVersion: world.participant(member.address)?.version ?? 0,
      reason: world.fresh(),
      validUntil: world.time + 60,
    },
    ...quorum(1),
  );
}

export function reinstateMember(world: World, member: Member): void {
  world.perform(
    {
      type: 'reinstate',
      participant: member.address,
      expectedVersion: world.participant(member.address)?.version ?? 0,
      reason: world.fresh(),
      validUntil: world.time + 60,
    },
    ...quorum(2),
  );
}

export function banned(
  world: World,
  otherwise: Standing = aPatient,
  test: (standing: Participant) => boolean = () => true,
): Member {
  const found = world.choose(world.membersWhere((standing) => standing.status === 'banned' && test(standing)));
  if (found !== undefined) return found;
  const member = active(world, otherwise, test);
  banMember(world, member);
  return member;
}

/** Levels up to the clearance of a member, highest first. */
export function levelsWithin(world: World, address: Address): readonly Level[] {
  const clearance = world.participant(address)?.clearance ?? 'low';
  return levels.filter((level) => reaches(clearance, level)).toReversed();
}

/** Levels above the clearance of a member. */
export function levelsAbove(world: World, address: Address): readonly Level[] {
  const clearance = world.participant(address)?.clearance ?? 'low';
  return levels.filter((level) => !reaches(clearance, level));
}

export function lacksClearance({ clearance }: Participant): boolean {
  return clearance !== 'private';
}

function isActive(world: World, address: Address): boolean {
  return world.participant(address)?.status === 'active';
}

/** The number of a request that this patient has not decided: one that was asked, or one out of the blue. */
export function undecidedRequest(world: World, patient: Address): Hex {
  const asked = world.requests.filter((one) => one.patient === patient && world.decision(one) === undefined);
  return world.choose([...asked.map(({ request }) => request), world.fresh()]);
}

/** A decision that passes the test, if there is one. */
export function decisionWhere(world: World, test: (decided: Decided) => boolean): Decided | undefined {
  return world.choose(world.decisions.filter(test));
}

/** A grant that is brought about: between two who are active, for a while, unless told. */
interface Given {
  readonly patient?: Member | undefined;
  readonly grantee?: Member | undefined;
  /** Seconds. */
  readonly lasting?: number | undefined;
  readonly scope?: Hex | undefined;
}

export function granted(world: World, given: Given = {}): Decided {
  const { patient = active(world, aPatient), lasting = 100 } = given;
  const grantee = given.grantee ?? anotherThan(world, patient.address);
  const request = undecidedRequest(world, patient.address);
  const level = world.choose(levelsWithin(world, grantee.address)) ?? 'low';
  world.perform(
    {
      type: 'grantAccess',
      patient: patient.address,
      request,
      grantee: grantee.address,
      keyVersion: world.participant(grantee.address)?.keyVersion ?? 0,
      scope: given.scope ?? scopeOf(world, patient.address),
      level,
      newData: true,
      until: world.time + lasting,
      consent: world.fresh(),
      actor: patient.address,
      validUntil: world.time + 60,
    },
    patient,
  );
  return { patient: patient.address, request };
}

/** Whether the grantee is active and has the keys that the grant was made for. */
function hasItsKeys(world: World, { grantee, keyVersion }: Decision): boolean {
  return isActive(world, grantee) && world.participant(grantee)?.keyVersion === keyVersion;
}

/**
 * A grant that may be used now: live, its grantee and its patient active, its grantee's keys unchanged.
 *
 * @param patient whose it must be; anybody's by default
 */
export function liveGrant(world: World, patient?: Member): Decided {
  const found = decisionWhere(world, (decided) => {
    const decision = world.decision(decided);
    return (
      (patient === undefined || decided.patient === patient.address) &&
      decision?.status === 'granted' &&
      world.time < decision.until &&
      hasItsKeys(world, decision) &&
      isActive(world, decided.patient)
    );
  });
  return found ?? granted(world, { patient });
}

/** A decision with this status whose grantee is active, and where it is granted, has the keys it was made for. */
export function usableBy(world: World, status: 'granted' | 'revoked'): readonly Decided[] {
  return world.decisions.filter((decided) => {
    const decision = world.decision(decided);
    if (decision?.status !== status) return false;
    return status === 'granted' ? hasItsKeys(world, decision) : isActive(world, decision.grantee);
  });
}

/** A grant, often ended, to somebody active who has other keys since. */
export function outdated(world: World): Decided {
  const found = decisionWhere(world, (decided) => {
    const decision = world.decision(decided);
    return decision?.status === 'granted' && isActive(world, decision.grantee) && !hasItsKeys(world, decision);
  });
  if (found !== undefined) return found;
  const grant = liveGrant(world);
  const grantee = world.memberOf(world.decision(grant)?.grantee ?? grant.patient);
  world.perform(
    {
      type: 'rotateKeys',
      keyDocument: world.fresh(),
      expectedKeyVersion: world.participant(grantee.address)?.keyVersion ?? 1,
      actor: grantee.address,
      validUntil: world.time + 60,
    },
    grantee,
  );
  return grant;
}

/** Somebody active who has a record. */
export function anchored(world: World): Member {
  const owners = world.membersWhere(({ status }) => status === 'active');
  const found = world.choose(owners.filter(({ address }) => world.book.of(address).length > 0));
  if (found !== undefined) return found;
  const patient = active(world, aPatient, ({ roles }) => roles.includes('patient'));
  const compartment = world.fresh();
  world.perform(
    {
      type: 'anchorRecord',
      owner: patient.address,
      compartment,
      epoch: world.book.epoch(patient.address, compartment),
      level: 'low',
      payloadDigest: world.fresh(),
      headerDigest: world.fresh(),
      content: world.fresh(),
      salt: world.fresh(),
      actor: patient.address,
      validUntil: world.time + 60,
    },
    patient,
  );
  return patient;
}

export function denied(world: World): Decided {
  const found = decisionWhere(world, (decided) => world.decision(decided)?.status === 'denied');
  if (found !== undefined) return found;
  const patient = anyone(world);
  const request = undecidedRequest(world, patient.address);
  world.perform(
    { type: 'denyAccess', patient: patient.address, request, actor: patient.address, validUntil: world.time + 60 },
    patient,
  );
  return { patient: patient.address, request };
}

export function revoked(world: World, found: readonly Decided[]): Decided {
  const one = world.choose(found);
  if (one !== undefined) return one;
  const grant = liveGrant(world);
  world.perform(
    {
      type: 'revokeAccess',
      patient: grant.patient,
      grant: grant.request,
      actor: grant.patient,
      validUntil: world.time + 60,
    },
    world.memberOf(grant.patient),
  );
  return grant;
}
