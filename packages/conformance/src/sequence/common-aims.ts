import { type Command, type CommandName, type LedgerCode, MAX_VALIDITY } from '@medseal/protocol';
import { aims } from './aims/index.ts';
import type { Member } from './cast.ts';
import { type Draft, MAX_TIME } from './draft.ts';
import { banned } from './needs.ts';
import type { World } from './world.ts';

/** The same command by another actor; an owner's command names him as owner too, sometimes. */
function by(world: World, { command }: Draft, actor: Member): Draft {
  if (!('actor' in command)) throw new Error(`${command.type} has no actor`);
  const asOwner = 'patient' in command && command.patient === command.actor && world.choose([true, false]);
  const changed = { ...command, actor: actor.address, ...(asOwner ? { patient: actor.address } : {}) } as Command;
  return { command: changed, signers: [actor] };
}

function until(draft: Draft, validUntil: number): Draft {
  return { ...draft, command: { ...draft.command, validUntil: Math.min(validUntil, MAX_TIME) } };
}

/** Sometimes a command whose own rules fail too: the common check must name the code all the same. */
function anyDraft(world: World, name: CommandName): Draft {
  const { applied, refused } = aims[name];
  return world.choose([applied, applied, applied, ...Object.values(refused)])(world);
}

/** Drafts that the checks common to all commands refuse now. */
export const commonAims: Readonly<Partial<Record<LedgerCode, (world: World, name: CommandName) => Draft>>> = {
  COMMAND_EXPIRED: (world, name) => {
    const draft = anyDraft(world, name);
    return until(draft, world.choose([world.time, world.time - 1, 0]));
  },
  VALIDITY_TOO_LONG: (world, name) => {
    const draft = anyDraft(world, name);
    return until(draft, world.choose([world.time + MAX_VALIDITY + 1, world.time + 2 * MAX_VALIDITY, MAX_TIME]));
  },
  NOT_REGISTERED: (world, name) => {
    const draft = anyDraft(world, name);
    return by(world, draft, world.newcomer());
  },
  BANNED: (world, name) => {
    const actor = banned(world);
    const draft = anyDraft(world, name);
    // Preparing the draft may have reinstated nobody, but time has gone on: the actor is looked up again.
    return by(world, draft, world.participant(actor.address)?.status === 'banned' ? actor : banned(world));
  },
};
