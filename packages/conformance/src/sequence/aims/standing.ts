import type { Address } from '@medseal/protocol';
import { type Aims, type Draft, validUntil } from '../draft.ts';
import { active, anyone, aPatient, banned } from '../needs.ts';
import { quorum } from '../sign.ts';
import type { World } from '../world.ts';

function draft(world: World, type: 'ban' | 'reinstate', participant: Address, difference = 0): Draft {
  const version = world.participant(participant)?.version ?? 1;
  return {
    command: {
      type,
      participant,
      expectedVersion: Math.max(version + difference, 0),
      reason: world.fresh(),
      validUntil: validUntil(world),
    },
    signers: quorum(world.choose([0, 1, 2])),
  };
}

function aimsOf(type: 'ban' | 'reinstate'): Pick<Aims, 'refused'> {
  return {
    refused: {
      UNKNOWN_PARTICIPANT: (world) => draft(world, type, world.newcomer().address),
      STALE_VERSION: (world) => draft(world, type, anyone(world).address, world.choose([-1, 1, 2, -2])),
    },
  };
}

export const banAims: Aims = {
  applied: (world) => draft(world, 'ban', active(world, aPatient).address),
  refused: {
    ...aimsOf('ban').refused,
    ALREADY_BANNED: (world) => draft(world, 'ban', banned(world).address),
  },
};

export const reinstateAims: Aims = {
  applied: (world) => draft(world, 'reinstate', banned(world).address),
  refused: {
    ...aimsOf('reinstate').refused,
    NOT_BANNED: (world) => draft(world, 'reinstate', active(world, aPatient).address),
  },
};
