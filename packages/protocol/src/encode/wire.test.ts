import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { anyCommand, commandNames } from '../../test/arbitraries.ts';
import { MalformedCommandError } from '../malformed-command-error.ts';
import { type Command, type CommandName, commands } from '../commands/index.ts';
import { wireFields } from './eip712.ts';
import { decodeCommand, encodeCommand, encodeWords, MAX_SIGNATURES, SIGNATURE } from './wire.ts';
import { kinds } from './kinds.ts';
import { WORD } from './word.ts';

const signature = new Uint8Array(SIGNATURE).fill(7);

function sample(name: CommandName): Command {
  const [command] = fc.sample(anyCommand(name), { numRuns: 1, seed: 1 });
  if (command === undefined) throw new Error('fast-check gave no sample');
  return command;
}

function fieldAtFault(act: () => unknown): string | undefined {
  try {
    act();
  } catch (error) {
    if (error instanceof MalformedCommandError) return error.field;
    throw error;
  }
  return undefined;
}

test('what was decoded stays as it was, whatever becomes of the bytes', () => {
  const wire = encodeCommand({ command: sample('useAccess'), signatures: [signature] });
  const before = decodeCommand(Uint8Array.from(wire));
  const decoded = decodeCommand(wire);
  wire.fill(0xff);
  expect(decoded).toEqual(before);
});

describe.each(commandNames)('%s on the wire', (name) => {
  const fields = wireFields(commands[name]);

  it('comes back as it was, with its signatures', () => {
    fc.assert(
      fc.property(
        anyCommand(name),
        fc.array(fc.uint8Array({ minLength: SIGNATURE, maxLength: SIGNATURE }), { maxLength: MAX_SIGNATURES }),
        (command, signatures) => {
          const wire = encodeCommand({ command, signatures });
          expect(wire).toHaveLength(1 + fields.length * WORD + signatures.length * SIGNATURE);
          const decoded = decodeCommand(wire);
          expect(decoded.command).toEqual(command);
          expect(decoded.signatures).toEqual(signatures);
          expect(decoded.definition).toBe(commands[name]);
          expect(decoded.words).toEqual(encodeWords(command));
        },
      ),
      { numRuns: 30 },
    );
  });

  it('with any single bit of a word changed is another command, or is refused with the name of that field', () => {
    const command = sample(name);
    const wire = encodeCommand({ command, signatures: [signature] });
    for (const [index, [field, { kind }]] of fields.entries()) {
      let refused = 0;
      for (let bit = 0; bit < 8 * WORD; bit++) {
        const changed = Uint8Array.from(wire);
        const at = 1 + index * WORD + Math.floor(bit / 8);
        changed[at] = (changed[at] ?? 0) ^ (0x80 >> (bit % 8));
        const fault = fieldAtFault(() => decodeCommand(changed));
        if (fault === undefined) {
          const other = decodeCommand(changed).command;
          expect(other).not.toEqual(command);
          expect(encodeCommand({ command: other, signatures: [signature] })).toEqual(changed);
        } else {
          refused++;
          expect(fault).toBe(field);
        }
      }
      const solidityBits = Number(/\d+/.exec(kinds[kind].solidity)?.[0] ?? (kind === 'flag' ? 8 : 160));
      const bits = kinds[kind].solidity === 'bytes32' ? 256 : solidityBits;
      expect(refused).toBeGreaterThanOrEqual(256 - bits);
    }
  });

  it('is refused at every other length', () => {
    const wire = encodeCommand({ command: sample(name), signatures: [signature] });
    for (let length = 0; length < wire.length; length++) {
      const fault = fieldAtFault(() => decodeCommand(wire.subarray(0, length)));
      const whole = length === wire.length - SIGNATURE;
      expect(fault).toBe(length === 0 ? 'type' : whole ? undefined : 'length');
    }
    for (let extra = 1; extra < SIGNATURE; extra++) {
      const longer = new Uint8Array(wire.length + extra);
      longer.set(wire);
      expect(fieldAtFault(() => decodeCommand(longer))).toBe('length');
    }
  });

  it('carries at most 33 signatures', () => {
    const command = sample(name);
    const signatures = Array.from({ length: MAX_SIGNATURES }, () => signature);
    expect(decodeCommand(encodeCommand({ command, signatures })).signatures).toHaveLength(33);
    const wire = encodeCommand({ command, signatures: [...signatures, signature] });
    expect(fieldAtFault(() => decodeCommand(wire))).toBe('length');
  });

  it('is not encoded where a field is missing or out of range', () => {
    const command = sample(name);
    for (const [field] of fields) {
      const { [field]: _, ...rest } = command as unknown as Record<string, unknown>;
      expect(fieldAtFault(() => encodeWords(rest as unknown as Command))).toBe(field);
      for (const strange of [null, -1, 'x', 2 ** 41, {}])
        expect(fieldAtFault(() => encodeWords({ ...rest, [field]: strange } as unknown as Command))).toBe(field);
    }
  });
});

test('an unknown type byte is refused', () => {
  const known = new Set(Object.values(commands).map(({ code }) => code));
  expect(known.size).toBe(commandNames.length);
  for (let code = 0; code < 256; code++) {
    const fault = fieldAtFault(() => decodeCommand(Uint8Array.of(code)));
    expect(fault).toBe(known.has(code) ? 'length' : 'type');
  }
  expect(fieldAtFault(() => encodeCommand({ command: { type: 'nonsense' } as never, signatures: [] }))).toBe('type');
  expect(fieldAtFault(() => encodeCommand({ command: { type: 'toString' } as never, signatures: [] }))).toBe('type');
});

test('a signature of another length is not encoded', () => {
  const command = sample('denyAccess');
  for (const length of [0, 64, 66])
    expect(fieldAtFault(() => encodeCommand({ command, signatures: [new Uint8Array(length)] }))).toBe('signatures');
});

test('arbitrary bytes are a command or malformed, nothing else', () => {
  expect.hasAssertions();
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 500 }), (bytes) => {
      const fault = fieldAtFault(() => decodeCommand(bytes));
      expect(fault === undefined ? encodeCommand(decodeCommand(bytes)) : bytes).toEqual(bytes);
    }),
  );
});

test('the message of an error names the field and not its value', () => {
  const command = { ...sample('requestAccess'), terms: 'secret plaintext' } as unknown as Command;
  expect(() => encodeWords(command)).toThrow(/terms/);
  expect(() => encodeWords(command)).not.toThrow(/secret plaintext/);
});
