import { secp256k1 } from '@noble/curves/secp256k1.js';
import {
  type Command,
  type CommandId,
  concat,
  encodeCommand,
  fromHex,
  idOf,
  type LedgerCode,
  toHex,
} from '../../src/index.ts';
import { alice, bob, doctor, foreignGenesis, genesis, officials, type Person, stranger } from '../world.ts';
import { commandCases } from './index.ts';

/** Bytes that meet a ledger, and what it must say of them before it looks at any state. */
export interface WireScenario {
  readonly name: string;
  readonly wire: Uint8Array;
  readonly expected: { readonly id: CommandId; readonly command: Command } | LedgerCode;
}

type Signature = Uint8Array;

function sign(command: Command, signer: Person, domain = genesis.domain): Signature {
  return signer.sign(fromHex(idOf(command, domain)));
}

function wireOf(command: Command, ...signatures: readonly Signature[]): Uint8Array {
  return encodeCommand({ command, signatures });
}

function highS(signature: Signature): Signature {
  const s = secp256k1.Point.Fn.ORDER - BigInt(toHex(signature.subarray(32, 64)));
  const v = signature[64] === 27 ? 28 : 27;
  return concat(signature.subarray(0, 32), fromHex(`0x${s.toString(16).padStart(64, '0')}`), Uint8Array.of(v));
}

function withV(signature: Signature, v: number): Signature {
  return concat(signature.subarray(0, 64), Uint8Array.of(v));
}

type Case = readonly [name: string, wire: Uint8Array, code?: LedgerCode];

function ofActor(): readonly Case[] {
  const { command } = commandCases.denyAccess.moment;
  const good = sign(command, alice);
  const bad = 'BAD_SIGNATURE';
  return [
    ['actor: signed as it should be', wireOf(command, good)],
    ['actor: none', wireOf(command), bad],
    ['actor: of another', wireOf(command, sign(command, bob)), bad],
    ['actor: for another ledger', wireOf(command, sign(command, alice, foreignGenesis.domain)), bad],
    ['actor: high s', wireOf(command, highS(good)), bad],
    ...[0, 1, 26, 29].map((v): Case => [`actor: v ${v}`, wireOf(command, withV(good, v)), bad]),
    ['actor: twice', wireOf(command, good, good), bad],
    ['actor: a second one of another', wireOf(command, good, sign(command, bob)), bad],
    ['actor: of another first', wireOf(command, sign(command, bob), good), bad],
    ['actor: all zero', wireOf(command, new Uint8Array(65)), bad],
    ['actor: a byte more', concat(wireOf(command, good), Uint8Array.of(0)), 'MALFORMED'],
    ['actor: empty', new Uint8Array(0), 'MALFORMED'],
  ];
}

function ofAuthority(): readonly Case[] {
  const { command } = commandCases.ban.moment;
  const [first, second, third] = officials.map((official) => sign(command, official));
  if (first === undefined || second === undefined || third === undefined) throw new Error('three officials sign');
  const bad = 'BAD_SIGNATURE';
  return [
    ['authority: first and second', wireOf(command, first, second)],
    ['authority: first and third', wireOf(command, first, third)],
    ['authority: second and third', wireOf(command, second, third)],
    ['authority: none', wireOf(command), bad],
    ['authority: one', wireOf(command, first), bad],
    ['authority: three where two sign', wireOf(command, first, second, third), bad],
    ['authority: descending', wireOf(command, second, first), bad],
    ['authority: the same twice', wireOf(command, first, first), bad],
    ['authority: a stranger first', wireOf(command, sign(command, stranger), second), bad],
    ['authority: a stranger second', wireOf(command, first, sign(command, stranger)), bad],
    ['authority: one not to be recovered', wireOf(command, first, highS(second)), bad],
    ['authority: both not to be recovered', wireOf(command, withV(first, 1), withV(second, 1)), bad],
  ];
}

function ofNewParticipant(): readonly Case[] {
  const { command } = commandCases.register.moment;
  const [first, second, third] = officials.map((official) => sign(command, official));
  if (first === undefined || second === undefined || third === undefined) throw new Error('three officials sign');
  const own = sign(command, stranger);
  const bad = 'BAD_SIGNATURE';
  return [
    ['register: two officials, then the participant', wireOf(command, first, third, own)],
    ['register: no signatures', wireOf(command), bad],
    ['register: without proof of possession', wireOf(command, first, second), bad],
    ['register: three officials', wireOf(command, first, second, third), bad],
    ['register: participant first', wireOf(command, own, first, second), bad],
    ['register: one official', wireOf(command, first, own), bad],
    ['register: three officials and the participant', wireOf(command, first, second, third, own), bad],
    ['register: only the participant', wireOf(command, own), bad],
    ['register: of another participant', wireOf(command, first, second, sign(command, bob)), bad],
    ['register: officials descending', wireOf(command, second, first, own), bad],
    ['register: participant twice', wireOf(command, first, second, own, own), bad],
  ];
}

/** Every command as it should be signed. */
function ofEachCommand(): readonly WireScenario[] {
  return Object.entries(commandCases).map(([name, { moment }]) => {
    const { command } = moment;
    const two = officials.slice(1).map((official) => sign(command, official));
    const signer = everybody.find(({ address }) => 'actor' in command && address === command.actor);
    const own = command.type === 'register' ? stranger : signer;
    const signatures = [...('actor' in command ? [] : two), ...(own === undefined ? [] : [sign(command, own)])];
    const expected = { id: idOf(command, genesis.domain), command };
    return { name: `${name}: signed as it should be`, wire: wireOf(command, ...signatures), expected };
  });
}

const everybody: readonly Person[] = [alice, bob, doctor];

let scenarios: readonly WireScenario[] | undefined;

/** Made once: signing is slow. */
export function wireScenarios(): readonly WireScenario[] {
  const of = (command: Command, list: readonly Case[]): readonly WireScenario[] =>
    list.map(([name, wire, code]) => ({
      name,
      wire,
      expected: code ?? { id: idOf(command, genesis.domain), command },
    }));
  scenarios ??= [
    ...of(commandCases.denyAccess.moment.command, ofActor()),
    ...of(commandCases.ban.moment.command, ofAuthority()),
    ...of(commandCases.register.moment.command, ofNewParticipant()),
    ...ofEachCommand(),
  ];
  return scenarios;
}
