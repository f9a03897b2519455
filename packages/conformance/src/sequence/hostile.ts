import {
  type Command,
  concat,
  encodeCommand,
  fromHex,
  type Hex,
  idOf,
  toHex,
  wireFields,
  commands,
} from '@medseal/protocol';
import { secp256k1 } from '@noble/curves/secp256k1.js';
import { hashOf, officials } from './cast.ts';
import type { Draft } from './draft.ts';
import { meaningless, widthOf } from './field-range.ts';
import { signed } from './sign.ts';
import type { World } from './world.ts';

/** Domain of some other ledger. */
const foreignDomain: Hex = hashOf('another ledger');

/** The same signer and digest, with s mirrored: what a relayer can make without any key. */
export function malleable(signature: Uint8Array): Uint8Array {
  const s = BigInt(toHex(signature.subarray(32, 64)));
  const mirrored = (secp256k1.Point.Fn.ORDER - s).toString(16).padStart(64, '0');
  return concat(signature.subarray(0, 32), fromHex(`0x${mirrored}`), Uint8Array.of(signature[64] === 27 ? 28 : 27));
}

function withV(signature: Uint8Array, v: number): Uint8Array {
  return concat(signature.subarray(0, 64), Uint8Array.of(v));
}

type Ways = readonly [() => Uint8Array[], ...(() => Uint8Array[])[]];

/** Wire bytes of a draft whose signatures do not hold. */
export function badlySigned(world: World, { command, signers }: Draft): Uint8Array {
  const { domain } = world.genesis;
  const digest = fromHex(idOf(command, domain));
  const good = signers.map((signer) => signer.sign(digest));
  const stranger = world.newcomer().sign(digest);
  const one = world.choose(good.map((_, index) => index)) ?? 0;
  const changed = (change: (signature: Uint8Array) => Uint8Array): Uint8Array[] =>
    good.map((signature, index) => (index === one ? change(signature) : signature));
  const forged: Ways = [
    () => signers.map((signer) => signer.sign(fromHex(idOf(command, foreignDomain)))),
    () => changed(() => stranger),
    () => changed(malleable),
    () => changed((signature) => withV(signature, world.choose([0, 1, 26, 29, 255]))),
    () => changed(() => new Uint8Array(65)),
    () => [],
    () => [...good, stranger],
    () => [...good, good.at(-1) ?? stranger],
    () => [stranger, ...good],
  ];
  const [first = stranger, ...others] = good;
  const miscounted: Ways = [
    () => [first, first, ...others.slice(1)],
    () => others,
    () => [...others.slice(0, 1), first, ...others.slice(1)],
    // Three officials where two must sign.
    () => [...officials.map((official) => official.sign(digest)), ...good.slice(2)],
  ];
  const ways = others.length > 0 && world.choose([true, false]) ? miscounted : forged;
  return encodeCommand({ command, signatures: world.choose(ways)() });
}

/** One field out of its range: a byte set where it must be zero, the nearest included, or a value without meaning. */
function outOfRange(world: World, command: Command, wire: Uint8Array): Uint8Array {
  const narrow = wireFields(commands[command.type])
    .map(([, { kind }], word) => ({ kind, start: 1 + 32 * word, width: widthOf(kind) }))
    .filter(({ width }) => width < 32);
  const { kind, start, width } = world.choose(narrow) ?? { kind: 'time', start: 1, width: 0 };
  const changed = Uint8Array.from(wire);
  const value = world.choose([undefined, ...(meaningless[kind] ?? [])]);
  if (value === undefined) changed[start + world.choose([31 - width, 0, 5])] = world.choose([1, 128, 255]);
  else changed.set([value >> 8, value & 255], start + 30);
  return changed;
}

/** Bytes with the type byte of a command that are no command. */
export function malformed(world: World, { command, signers }: Draft): Uint8Array {
  const wire = signed(command, world.genesis.domain, signers);
  const ways: readonly [() => Uint8Array, ...(() => Uint8Array)[]] = [
    () => outOfRange(world, command, wire),
    () => outOfRange(world, command, wire),
    () => wire.slice(0, -1),
    () => wire.slice(0, 1),
    () => wire.slice(0, 1 + 32 * world.choose([1, 2, 3]) + world.choose([0, 7])),
    () => concat(wire, Uint8Array.of(world.choose([0, 1, 27]))),
    () => concat(wire, new Uint8Array(32)),
    () => concat(wire, ...Array.from({ length: 34 - signers.length }, () => new Uint8Array(65))),
  ];
  return world.choose(ways)();
}

const lastCode = Math.max(...Object.values(commands).map(({ code }) => code));

/** Bytes whose type byte names no command. */
export function unknownType(world: World, { command, signers }: Draft): Uint8Array {
  const wire = signed(command, world.genesis.domain, signers);
  const other = concat(Uint8Array.of(world.choose([0, lastCode + 1, lastCode + 2, 127, 255])), wire.subarray(1));
  return world.choose([other, new Uint8Array(0), other.subarray(0, 1)]);
}
