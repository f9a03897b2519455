import type { Member } from '../cast.ts';
import { type Aims, type Draft, validUntil } from '../draft.ts';
import { active } from '../needs.ts';
import type { World } from '../world.ts';

function draft(world: World, actor: Member, difference = 0): Draft {
  const version = world.participant(actor.address)?.keyVersion ?? 1;
  return {
    command: {
      type: 'rotateKeys',
      keyDocument: world.fresh(),
      expectedKeyVersion: Math.max(version + difference, 0),
      actor: actor.address,
      validUntil: validUntil(world),
    },
    signers: [actor],
  };
}

export const rotateKeysAims: Aims = {
  applied: (world) => draft(world, active(world)),
  refused: {
    STALE_VERSION: (world) => draft(world, active(world), world.choose([-1, 1, 2, 2 ** 31])),
  },
};
