import type { Address } from '@medseal/protocol';
import type { Member } from '../cast.ts';
import { type Aims, type Draft, validUntil } from '../draft.ts';
import { active, anotherThan, anyone, aPatient } from '../needs.ts';
import type { World } from '../world.ts';

function draft(world: World, actor: Member, patient: Address, subject: Address): Draft {
  const ids = world.steps.flatMap(({ id }) => (id === undefined ? [] : [id]));
  return {
    command: {
      type: 'reportViolation',
      patient,
      subject,
      entry: world.choose([...ids, world.fresh()]),
      statement: world.fresh(),
      actor: actor.address,
      validUntil: validUntil(world),
    },
    signers: [actor],
  };
}

export const reportViolationAims: Aims = {
  applied: (world) => {
    const patient = active(world, aPatient);
    return draft(world, patient, patient.address, anyone(world).address);
  },
  refused: {
    NOT_OWNER: (world) => {
      const patient = anyone(world).address;
      const actor = anotherThan(world, patient);
      return draft(world, actor, patient, world.choose([anyone(world), world.newcomer()]).address);
    },
    UNKNOWN_PARTICIPANT: (world) => {
      const patient = active(world, aPatient);
      return draft(world, patient, patient.address, world.newcomer().address);
    },
  },
};
