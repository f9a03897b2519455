import fc from 'fast-check';
import {
  type Command,
  type CommandName,
  commands,
  type FieldKind,
  levels,
  roles,
  toHex,
  wireFields,
} from '../src/index.ts';

function hex(bytes: number): fc.Arbitrary<unknown> {
  return fc.uint8Array({ minLength: bytes, maxLength: bytes }).map(toHex);
}

function upTo(bits: number): fc.Arbitrary<unknown> {
  return fc.oneof(
    fc.constantFrom(0, 1, 2 ** bits - 1),
    fc.maxSafeNat().map((n) => n % 2 ** bits),
  );
}

/** Every value that a field of this kind may hold. */
export const values: Readonly<Record<FieldKind, fc.Arbitrary<unknown>>> = {
  participant: hex(20),
  id: hex(32),
  digest: hex(32),
  commitment: hex(32),
  salt: hex(32),
  time: upTo(40),
  version: upTo(32),
  epoch: upTo(32),
  level: fc.constantFrom(...levels),
  roles: fc.subarray([...roles], { minLength: 1 }),
  flag: fc.boolean(),
};

/** Any command of this name, made from the kinds of its definition. */
export function anyCommand(name: CommandName): fc.Arbitrary<Command> {
  const fields = Object.fromEntries(wireFields(commands[name]).map(([field, { kind }]) => [field, values[kind]]));
  return fc.record({ type: fc.constant(name), ...fields }) as fc.Arbitrary<unknown> as fc.Arbitrary<Command>;
}

export const commandNames = Object.keys(commands) as CommandName[];
