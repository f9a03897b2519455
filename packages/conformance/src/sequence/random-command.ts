import {
  type Command,
  type CommandName,
  commands,
  type FieldKind,
  type FieldValue,
  type Level,
  MAX_VALIDITY,
  noOrganisation,
  type Role,
  wireFields,
} from '@medseal/protocol';
import type { Member } from './cast.ts';
import { type Draft, MAX_TIME } from './draft.ts';
import { quorum } from './sign.ts';
import type { World } from './world.ts';

/** A value of each kind, from what the sequence has seen and from the edges. */
const anyValue: Readonly<Record<FieldKind, (world: World) => FieldValue>> = {
  participant: (world) =>
    world.choose([...world.members.map(({ address }) => address), world.newcomer().address, noOrganisation]),
  id: (world) =>
    world.choose([
      ...world.decisions.map(({ request }) => request),
      ...world.requests.map(({ request }) => request),
      world.fresh(),
    ]),
  commitment: (world) => world.choose([world.fresh(), ...world.persons]),
  digest: (world) => world.fresh(),
  salt: (world) => world.fresh(),
  time: (world) => world.choose([world.time + 30, world.time + 1, world.time, world.time - 1, 0, MAX_TIME]),
  version: (world) => world.choose([1, 2, 3, 0, 2 ** 32 - 1]),
  epoch: (world) => world.choose([0, 1, 2 ** 32 - 1]),
  level: (world) => world.choose<Level>(['low', 'moderate', 'private']),
  roles: (world) => [world.choose<Role>(['patient', 'provider', 'organisation', 'auditor'])],
  flag: (world) => world.choose([false, true]),
};

/** A command of random fields, signed as it should be where a member of the sequence can sign it. */
export function randomCommand(world: World, name: CommandName): Draft {
  const { signers } = commands[name];
  const subject: Member = world.choose([...world.members, world.newcomer()]);
  const fields = wireFields(commands[name]).map(([field, { kind }]) => [field, anyValue[kind](world)]);
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
