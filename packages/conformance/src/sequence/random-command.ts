import {
  type Command,
  type CommandName,
  commands,
  type FieldKind,
  type FieldValue,
  levels,
  MAX_VALIDITY,
  noOrganisation,
  roles,
  wireFields,
} from '@medseal/protocol';
import type { Member } from './cast.ts';
import { type Draft, MAX_TIME } from './draft.ts';
import { quorum } from './sign.ts';
import type { World } from './world.ts';

/** A value of the kind, from what the sequence has seen and from the edges. */
function anyValue(world: World, kind: FieldKind): FieldValue {
  switch (kind) {
    case 'participant':
      return world.choose([...world.members.map(({ address }) => address), world.newcomer().address, noOrganisation]);
    case 'id':
      return world.choose([
        ...world.decisions.map(({ request }) => request),
        ...world.requests.map(({ request }) => request),
        world.fresh(),
      ]);
    case 'commitment':
      return world.choose([world.fresh(), ...world.persons]);
    case 'digest':
    case 'salt':
      return world.fresh();
    case 'time':
      return world.choose([world.time + 30, world.time + 1, world.time, world.time - 1, 0, MAX_TIME]);
    case 'version':
      return world.choose([1, 2, 3, 0, 2 ** 32 - 1]);
    case 'epoch':
      return world.choose([0, 1, 2 ** 32 - 1]);
    case 'level':
      return world.choose(['low', 'moderate', 'private'] as const satisfies typeof levels);
    case 'roles':
      return [world.choose(['patient', 'provider', 'organisation', 'auditor'] as const satisfies typeof roles)];
    case 'flag':
      return world.choose([false, true]);
  }
}

/** A command of random fields, signed as it should be where a member of the sequence can sign it. */
export function randomCommand(world: World, name: CommandName): Draft {
  const { signers } = commands[name];
  const subject: Member = world.choose([...world.members, world.newcomer()]);
  const fields = wireFields(commands[name]).map(([field, { kind }]) => [field, anyValue(world, kind)]);
  const command = {
    type: name,
    ...Object.fromEntries(fields),
    ...(signers === 'actor' ? { actor: subject.address } : {}),
    ...(signers === 'authority, participant' ? { participant: subject.address } : {}),
    ...(signers === 'actor' && 'patient' in commands[name].fields && world.choose([true, false])
      ? { patient: subject.address }
      : {}),
    validUntil: world.choose([world.time + 60, world.time + 1, world.time + MAX_VALIDITY, world.time]),
  } as unknown as Command;
  const officials = signers === 'actor' ? [] : quorum(world.choose([0, 1, 2]));
  return { command, signers: signers === 'authority' ? officials : [...officials, subject] };
}
