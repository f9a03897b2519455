import type { Address, Hex, Participant, Role } from '@medseal/protocol';
import type { Member } from '../cast.ts';
import { type Aims, type Draft, validUntil } from '../draft.ts';
import { aClerk, active, anotherThan, anyone, aPatient, aProvider } from '../needs.ts';
import type { World } from '../world.ts';

const authorRoles: readonly Role[] = ['provider', 'organisation', 'device'];
const isAuthor = ({ roles }: Participant): boolean => roles.some((role) => authorRoles.includes(role));
const isPatient = ({ roles }: Participant): boolean => roles.includes('patient');

/** A compartment, often one with records in it, and its present epoch, mostly. */
function place(world: World, owner: Address): { readonly compartment: Hex; readonly epoch: number } {
  const known = world.book.of(owner).map(({ compartment }) => compartment);
  const compartment = world.choose([...known, world.fresh()]);
  const present = world.book.epoch(owner, compartment);
  const epoch = world.choose([present, present, present, present, present, present + 1, present - 1, 2 ** 32 - 1]);
  return { compartment, epoch };
}

function draft(world: World, author: Member, owner: Address): Draft {
  return {
    command: {
      type: 'anchorRecord',
      owner,
      ...place(world, owner),
      level: world.choose(['private', 'moderate', 'low']),
      payloadDigest: world.fresh(),
      headerDigest: world.fresh(),
      content: world.fresh(),
      salt: world.fresh(),
      actor: author.address,
      validUntil: validUntil(world),
    },
    signers: [author],
  };
}

export const anchorRecordAims: Aims = {
  applied: (world) => {
    const patientHerself = world.choose([false, true]);
    if (!patientHerself) return draft(world, active(world, aProvider, isAuthor), anyone(world).address);
    const patient = active(world, aPatient, isPatient);
    return draft(world, patient, patient.address);
  },
  refused: {
    UNKNOWN_PARTICIPANT: (world) => {
      const author = active(world);
      return draft(world, author, world.newcomer().address);
    },
    ROLE_NOT_ALLOWED: (world) => {
      const forHerself = world.choose([false, true]);
      if (forHerself) {
        const clerk = active(world, aClerk, (standing) => !isAuthor(standing) && !isPatient(standing));
        return draft(world, clerk, clerk.address);
      }
      const actor = active(world, aPatient, (standing) => !isAuthor(standing));
      return draft(world, actor, anotherThan(world, actor.address).address);
    },
  },
};
