import { noOrganisation, type Participant, type Register, type Role } from '@medseal/protocol';
import type { Member } from '../cast.ts';
import { type Aims, type Draft, validUntil } from '../draft.ts';
import { active, anOrganisation, anyone, aPatient, banned, someone } from '../needs.ts';
import { quorum } from '../sign.ts';
import type { World } from '../world.ts';

const roleSets: readonly [readonly Role[], ...(readonly Role[])[]] = [
  ['patient'],
  ['provider'],
  ['provider', 'patient'],
  ['organisation'],
  ['device'],
  ['researcher'],
  ['organisation', 'auditor', 'proxy', 'emergencyServer', 'attendant'],
];

const isOrganisation = ({ roles }: Participant): boolean => roles.includes('organisation');

function draft(world: World, member: Member, change: Partial<Register> = {}): Draft {
  const command: Register = {
    type: 'register',
    participant: member.address,
    keyDocument: world.fresh(),
    organisation: noOrganisation,
    roles: world.choose(roleSets),
    clearance: world.choose(['private', 'moderate', 'low']),
    person: world.fresh(),
    ...change,
    validUntil: validUntil(world),
  };
  return { command, signers: [...quorum(world.choose([0, 1, 2])), member] };
}

function takenPerson(world: World): Register['person'] {
  anyone(world);
  return world.choose(world.persons) ?? world.fresh();
}

export const registerAims: Aims = {
  applied: (world) => {
    const organisation = world.choose([noOrganisation, active(world, anOrganisation, isOrganisation).address]);
    return draft(world, world.newcomer(), { organisation });
  },
  refused: {
    ALREADY_REGISTERED: (world) => {
      const member = anyone(world);
      return draft(world, member, { person: world.choose([world.fresh(), takenPerson(world)]) });
    },
    PERSON_TAKEN: (world) => {
      const person = takenPerson(world);
      const organisation = world.choose([noOrganisation, world.newcomer().address]);
      return draft(world, world.newcomer(), { person, organisation });
    },
    BAD_ORGANISATION: (world) => {
      const member = world.newcomer();
      const bad = world.choose([
        () => world.newcomer().address,
        () => someone(world, (standing) => !isOrganisation(standing), aPatient).address,
        () => banned(world, anOrganisation, isOrganisation).address,
        () => member.address,
      ]);
      return draft(world, member, { organisation: bad() });
    },
  },
};
