import { keccak_256 } from '@noble/hashes/sha3.js';
import { TypedDataEncoder } from 'ethers';
import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { anyCommand, commandNames } from '../../test/arbitraries.ts';
import { genesis } from '../../test/world.ts';
import { type Command, type CommandName, commands } from '../commands/index.ts';
import { idOf } from '../sign.ts';
import { concat, toHex } from './bytes.ts';
import { commandDigest, commandId, domainSeparator, encodeType, structName, typeHash, wireFields } from './eip712.ts';
import { encodeRoles, kinds, type Level, levels, type Role } from './kinds.ts';

/** The types written out by hand, so that a change of a definition shows. */
const types: Readonly<Record<CommandName, string>> = {
  register:
    'Register(address participant,bytes32 keyDocument,address organisation,uint16 roles,uint8 clearance,bytes32 person,uint40 validUntil)',
  ban: 'Ban(address participant,uint32 expectedVersion,bytes32 reason,uint40 validUntil)',
  reinstate: 'Reinstate(address participant,uint32 expectedVersion,bytes32 reason,uint40 validUntil)',
  anchorRecord:
    'AnchorRecord(address owner,bytes32 compartment,uint32 epoch,uint8 level,bytes32 payloadDigest,bytes32 headerDigest,bytes32 content,bytes32 salt,address actor,uint40 validUntil)',
  requestAccess:
    'RequestAccess(address patient,uint8 level,bool newData,uint40 until,bytes32 terms,address actor,uint40 validUntil)',
  grantAccess:
    'GrantAccess(address patient,bytes32 request,address grantee,uint32 keyVersion,bytes32 scope,uint8 level,bool newData,uint40 until,bytes32 consent,address actor,uint40 validUntil)',
  denyAccess: 'DenyAccess(address patient,bytes32 request,address actor,uint40 validUntil)',
  revokeAccess: 'RevokeAccess(address patient,bytes32 grant,address actor,uint40 validUntil)',
  useAccess:
    'UseAccess(address patient,bytes32 grant,bytes32 record,bytes32 headerDigest,bytes32 actingPerson,address actor,uint40 validUntil)',
  reportViolation:
    'ReportViolation(address patient,address subject,bytes32 entry,bytes32 statement,address actor,uint40 validUntil)',
  rotateKeys: 'RotateKeys(bytes32 keyDocument,uint32 expectedKeyVersion,address actor,uint40 validUntil)',
  supersedeRecord:
    'SupersedeRecord(address patient,bytes32 record,bytes32 previousHeader,bytes32 headerDigest,address actor,uint40 validUntil)',
  eraseRecord: 'EraseRecord(address patient,bytes32 record,bytes32 reason,address actor,uint40 validUntil)',
};

const domain = { name: 'medseal', version: '1', salt: genesis.domain };

/** The command as ethers wants it: levels and roles as numbers. */
function message(command: Command): Record<string, unknown> {
  const values = Object.entries(command as unknown as Record<string, unknown>).map(
    ([name, value]): [string, unknown] => {
      const kind = wireFields(commands[command.type]).find(([field]) => field === name)?.[1].kind;
      if (kind === 'level') return [name, levels.indexOf(value as Level) + 1];
      if (kind === 'roles') return [name, encodeRoles(value as readonly Role[])];
      return [name, value];
    },
  );
  return Object.fromEntries(values);
}

function typesOf(name: CommandName): Record<string, { name: string; type: string }[]> {
  const fields = wireFields(commands[name]).map(([field, { kind }]) => ({ name: field, type: kinds[kind].solidity }));
  return { [structName(commands[name])]: fields };
}

describe.each(commandNames)('EIP-712 of %s', (name) => {
  const definition = commands[name];
  const ethersTypes = typesOf(name);

  it('has the type that stands in contracts for ever', () => {
    expect(encodeType(definition)).toBe(types[name]);
  });

  it('has the digest that ethers computes', () => {
    fc.assert(
      fc.property(anyCommand(name), (command) => {
        expect(idOf(command, genesis.domain)).toBe(TypedDataEncoder.hash(domain, ethersTypes, message(command)));
      }),
      { numRuns: 30 },
    );
  });

  it('has the type string of ethers', () => {
    expect(TypedDataEncoder.from(ethersTypes).encodeType(structName(definition))).toBe(types[name]);
  });
});

test('the domain separator is that of ethers', () => {
  expect(toHex(domainSeparator(genesis.domain))).toBe(TypedDataEncoder.hashDomain(domain));
});

test('digests of several commands and domains in turns are those of ethers', () => {
  const domains = [genesis.domain, `0x${'00'.repeat(32)}`, genesis.domain, genesis.domain] as const;
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.constantFrom(...commandNames).chain(anyCommand), fc.nat(3))), (turns) => {
      for (const [command, n] of turns) {
        const salt = domains[n] ?? genesis.domain;
        const digest = TypedDataEncoder.hash({ ...domain, salt }, typesOf(command.type), message(command));
        expect(idOf(command, salt)).toBe(digest);
      }
    }),
    { numRuns: 30 },
  );
});

test('an id of other words than those of the command is the hash of these, whatever came before', () => {
  const definition = commands.denyAccess;
  const words = (length: number, fill: number): Uint8Array => new Uint8Array(length).fill(fill);
  const prefix = concat(Uint8Array.of(0x19, 0x01), domainSeparator(genesis.domain));
  for (const [length, fill] of [
    [128, 1],
    [64, 2],
    [128, 3],
    [0, 4],
    [160, 5],
  ] as const) {
    const struct = keccak_256(concat(typeHash(definition), words(length, fill)));
    const id = toHex(keccak_256(concat(prefix, struct)));
    expect(commandId(definition, words(length, fill), genesis.domain)).toBe(id);
  }
});

test('a hash of another length is refused, and spoils no later id', () => {
  const definition = commands.denyAccess;
  const words = new Uint8Array(4 * 32).fill(1);
  for (const [n, length] of [0, 20, 31, 33, 64].entries()) {
    const fresh = `0x${`a${n}`.repeat(32)}` as const;
    for (const salt of [fresh, genesis.domain]) {
      const struct = keccak_256(concat(typeHash(definition), words));
      const id = toHex(keccak_256(concat(Uint8Array.of(0x19, 0x01), domainSeparator(salt), struct)));
      expect(() => commandDigest(definition, words, salt, () => new Uint8Array(length))).toThrow(RangeError);
      expect(commandId(definition, words, salt)).toBe(id);
      expect(() => commandDigest(definition, words, salt, () => new Uint8Array(length))).toThrow(RangeError);
      expect(commandId(definition, words, salt)).toBe(id);
    }
  }
});

test('no two commands share a type hash or a code', () => {
  const all = Object.values(commands);
  expect(new Set(all.map((definition) => toHex(typeHash(definition)))).size).toBe(all.length);
  expect(all.map(({ code }) => code)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13]);
});

test('the id differs where any field or the domain differs', () => {
  fc.assert(
    fc.property(
      anyCommand('grantAccess'),
      anyCommand('grantAccess'),
      fc.constantFrom(...wireFields(commands.grantAccess).map(([field]) => field)),
      (a, b, field) => {
        const values = b as unknown as Record<string, unknown>;
        const mixed = { ...a, [field]: values[field] } as Command;
        fc.pre(
          (mixed as unknown as Record<string, unknown>)[field] !== (a as unknown as Record<string, unknown>)[field],
        );
        expect(idOf(mixed, genesis.domain)).not.toBe(idOf(a, genesis.domain));
        expect(idOf(a, `0x${'00'.repeat(32)}`)).not.toBe(idOf(a, genesis.domain));
      },
    ),
  );
});
