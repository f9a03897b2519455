import type { RequestAccess } from '@medseal/protocol';
import type { Member } from '../cast.ts';
import { type Aims, type Draft, untilAhead, untilPassed, validUntil } from '../draft.ts';
import { aClerk, active, anyone, lacksClearance, levelsAbove, levelsWithin } from '../needs.ts';
import type { World } from '../world.ts';

function draft(world: World, actor: Member, change: Partial<RequestAccess> = {}): Draft {
  const patient = change.patient ?? anyone(world).address;
  const command: RequestAccess = {
    type: 'requestAccess',
    patient,
    level: world.choose(levelsWithin(world, actor.address)) ?? 'low',
    newData: world.choose([true, false]),
    until: untilAhead(world),
    terms: world.fresh(),
    ...change,
    actor: actor.address,
    validUntil: validUntil(world),
  };
  return { command, signers: [actor] };
}

export const requestAccessAims: Aims = {
  applied: (world) => draft(world, active(world)),
  refused: {
    UNKNOWN_PARTICIPANT: (world) => draft(world, active(world), { patient: world.newcomer().address }),
    CLEARANCE_TOO_LOW: (world) => {
      const actor = active(world, aClerk, lacksClearance);
      const patient = anyone(world).address;
      const level = world.choose(levelsAbove(world, actor.address)) ?? 'private';
      const until = world.choose([untilAhead(world), untilPassed(world)]);
      return draft(world, actor, { patient, level, until });
    },
    UNTIL_PASSED: (world) => {
      const actor = active(world);
      const patient = anyone(world).address;
      return draft(world, actor, { patient, until: untilPassed(world) });
    },
  },
};
