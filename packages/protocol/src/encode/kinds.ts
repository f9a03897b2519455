import { fromHex, type Hex, hexOf, isHex } from './bytes.ts';
import { leftPad, numberWord, readNumber, WORD } from './word.ts';

/** Sensitivity of data and clearance of people, ascending: `low < moderate < private`. */
export type Level = 'low' | 'moderate' | 'private';
export const levels: readonly Level[] = ['low', 'moderate', 'private'];

/** Roles are a set: a doctor is a patient too. The order is that of the bits on the wire: append only. */
export type Role =
  | 'organisation'
  | 'patient'
  | 'provider'
  | 'researcher'
  | 'attendant'
  | 'emergencyServer'
  | 'proxy'
  | 'device'
  | 'auditor';
export const roles: readonly Role[] = [
  'organisation',
  'patient',
  'provider',
  'researcher',
  'attendant',
  'emergencyServer',
  'proxy',
  'device',
  'auditor',
];

/** 20-byte address of a signing key: the pseudonym of a participant. */
export type Address = Hex;
export type FieldValue = Hex | number | boolean | Level | readonly Role[];

/** How one kind of field looks as an EIP-712 word. */
export interface Kind {
  readonly solidity: string;
  readonly doc: string;
  encode(value: FieldValue): Uint8Array | undefined;
  /** Reads the word of 32 bytes that begins at `at`, by default the first: `undefined` where it is not canonical. */
  decode(bytes: Uint8Array, at?: number): FieldValue | undefined;
}

export type FieldKind =
  | 'participant'
  | 'id'
  | 'digest'
  | 'commitment'
  | 'salt'
  | 'time'
  | 'version'
  | 'epoch'
  | 'level'
  | 'roles'
  | 'flag';

function number(bits: number, doc: string): Kind {
  return {
    solidity: `uint${bits}`,
    doc,
    encode: (value) =>
      typeof value === 'number' && Number.isInteger(value) && value >= 0 && value < 2 ** bits
        ? numberWord(value)
        : undefined,
    decode: (bytes, at = 0) => readNumber(bytes, bits, at),
  };
}

function bytes32(doc: string): Kind {
  return {
    solidity: 'bytes32',
    doc,
    encode: (value) => (isHex(value, WORD) ? fromHex(value) : undefined),
    decode: (bytes, at = 0) => hexOf(bytes, at, at + WORD),
  };
}

/** Bytes of an address. */
const ADDRESS = 20;

const participant: Kind = {
  solidity: 'address',
  doc: 'address of a signing key',
  encode: (value) => (isHex(value, ADDRESS) ? leftPad(fromHex(value)) : undefined),
  decode: (bytes, at = 0) => {
    const start = at + WORD - ADDRESS;
    for (let i = at; i < start; i++) if (bytes[i] !== 0) return undefined;
    return hexOf(bytes, start, start + ADDRESS);
  },
};

const level: Kind = {
  solidity: 'uint8',
  doc: '1 low, 2 moderate, 3 private',
  encode: (value) => {
    const index = levels.findIndex((name) => name === value);
    return index < 0 ? undefined : numberWord(index + 1);
  },
  decode: (bytes, at = 0) => levels[(readNumber(bytes, 8, at) ?? 0) - 1],
};

const roleSet: Kind = {
  solidity: 'uint16',
  doc: `bit set, at least one: ${roles.map((name, bit) => `${2 ** bit} ${name}`).join(', ')}`,
  encode: (value) => {
    if (!Array.isArray(value)) return undefined;
    const bits = encodeRoles(value);
    return bits === undefined || bits === 0 ? undefined : numberWord(bits);
  },
  decode: (bytes, at = 0) => {
    const bits = readNumber(bytes, 16, at);
    return bits === undefined || bits === 0 || bits >= 2 ** roles.length ? undefined : decodeRoles(bits);
  },
};

const flag: Kind = {
  solidity: 'bool',
  doc: '0 or 1',
  encode: (value) => (typeof value === 'boolean' ? numberWord(value ? 1 : 0) : undefined),
  decode: (bytes, at = 0) => {
    const bit = readNumber(bytes, 8, at);
    return bit === 0 ? false : bit === 1 ? true : undefined;
  },
};

export const kinds: Readonly<Record<FieldKind, Kind>> = {
  participant,
  id: bytes32('keccak-256 of a command or of named parts'),
  digest: bytes32('SHA-256 of content'),
  commitment: bytes32('salted commitment: says nothing without the salt'),
  salt: bytes32('32 random bytes'),
  time: number(40, 'seconds since 1970-01-01 UTC'),
  version: number(32, 'counter'),
  epoch: number(32, 'counter'),
  level,
  roles: roleSet,
  flag,
};

/** Bits of a set of roles, `undefined` where a name is unknown. */
export function encodeRoles(set: readonly unknown[]): number | undefined {
  let bits = 0;
  for (const name of set) {
    const bit = roles.findIndex((role) => role === name);
    if (bit < 0) return undefined;
    bits |= 1 << bit;
  }
  return bits;
}

/** The set in the order of the bits, each role once. */
export function decodeRoles(bits: number): readonly Role[] {
  return roles.filter((_, bit) => (bits & (1 << bit)) !== 0);
}

/** `a` reaches `b`: equal or more. */
export function reaches(a: Level, b: Level): boolean {
  return levels.indexOf(a) >= levels.indexOf(b);
}
