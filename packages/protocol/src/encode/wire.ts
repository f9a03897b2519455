import { type Command, commands } from '../commands/index.ts';
import type { AnyCommandDefinition } from '../command.ts';
import { MalformedCommandError } from '../malformed-command-error.ts';
import { concat } from './bytes.ts';
import { wireFields } from './eip712.ts';
import { type FieldKind, type FieldValue, type Kind, kinds } from './kinds.ts';
import { WORD } from './word.ts';

export const SIGNATURE = 65;

/** More than any threshold of an authority needs. */
export const MAX_SIGNATURES = 33;

/** A command as it stands on the wire: type byte, one word a field, one 65-byte signature a signer. */
export interface SignedCommand {
  readonly command: Command;
  readonly signatures: readonly Uint8Array[];
}

/** A decoded command together with what its bytes say. */
export interface DecodedCommand extends SignedCommand {
  readonly definition: AnyCommandDefinition;
  readonly words: Uint8Array;
}

interface Layout {
  readonly definition: AnyCommandDefinition;
  readonly fields: readonly { readonly name: string; readonly kind: FieldKind; readonly codec: Kind }[];
}

/** What stands behind each type byte. */
const layouts: ReadonlyMap<number, Layout> = new Map(
  Object.values(commands).map((definition) => {
    const fields = wireFields(definition).map(([name, { kind }]) => ({ name, kind, codec: kinds[kind] }));
    return [definition.code, { definition, fields }];
  }),
);

function definitionOf({ type }: Command): AnyCommandDefinition {
  if (!Object.hasOwn(commands, type)) throw new MalformedCommandError('type', 'is unknown to this protocol version');
  return commands[type];
}

/**
 * The words of a command, in wire order.
 *
 * @throws MalformedCommandError naming the field that is missing or out of range.
 */
export function encodeWords(command: Command): Uint8Array {
  const values = command as unknown as Readonly<Record<string, FieldValue | undefined>>;
  const words = wireFields(definitionOf(command)).map(([name, { kind }]) => {
    const value = values[name];
    const word = value === undefined ? undefined : kinds[kind].encode(value);
    if (word === undefined) throw new MalformedCommandError(name, `is not a ${kind} (${kinds[kind].doc})`);
    return word;
  });
  return concat(...words);
}

/** @throws MalformedCommandError naming the field that is missing or out of range. */
export function encodeCommand({ command, signatures }: SignedCommand): Uint8Array {
  if (signatures.some((signature) => signature.length !== SIGNATURE))
    throw new MalformedCommandError('signatures', `must be ${SIGNATURE} bytes each`);
  return concat(Uint8Array.of(definitionOf(command).code), encodeWords(command), ...signatures);
}

/**
 * Reads a command strictly: every byte has one meaning, and nothing may follow the last signature.
 *
 * @throws MalformedCommandError naming the field at fault.
 */
export function decodeCommand(wire: Uint8Array): DecodedCommand {
  const layout = layouts.get(wire[0] ?? 0);
  if (layout === undefined) throw new MalformedCommandError('type', 'is unknown to this protocol version');
  const { definition, fields } = layout;
  const end = 1 + fields.length * WORD;
  const tail = wire.length - end;
  if (tail < 0) throw new MalformedCommandError('length', 'is too short');
  if (tail % SIGNATURE !== 0 || tail / SIGNATURE > MAX_SIGNATURES)
    throw new MalformedCommandError('length', 'does not fit a number of signatures');
  const bytes = new Uint8Array(wire);
  const command: Record<string, FieldValue> = { type: definition.name as never };
  let at = 1;
  for (const { name, kind, codec } of fields) {
    const value = codec.decode(bytes, at);
    if (value === undefined) throw new MalformedCommandError(name, `is not a ${kind} (${codec.doc})`);
    command[name] = value;
    at += WORD;
  }
  const words = bytes.subarray(1, at);
  const signatures = [];
  while (at < bytes.length) signatures.push(bytes.subarray(at, (at += SIGNATURE)));
  return { command: command as unknown as Command, signatures, definition, words };
}
