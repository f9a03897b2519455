import { keccak_256 } from '@noble/hashes/sha3.js';
import { utf8ToBytes } from '@noble/hashes/utils.js';
import {
  type Address,
  addressOfPublicKey,
  type Authority,
  type Genesis,
  type Hex,
  localDomain,
  signDigest,
  toHex,
} from '../src/index.ts';
import { secp256k1 } from '@noble/curves/secp256k1.js';

/** A participant of the tests, whose key follows from its name. */
export interface Person {
  readonly name: string;
  readonly secretKey: Uint8Array;
  readonly address: Address;
  sign(digest: Uint8Array): Uint8Array;
}

/** 32 bytes that follow from a text: keys, digests, salts. */
export function bytesOf(text: string): Uint8Array {
  return keccak_256(utf8ToBytes(text));
}

export function hashOf(text: string): Hex {
  return toHex(bytesOf(text));
}

export function person(name: string): Person {
  const secretKey = bytesOf(`medseal test key ${name}`);
  return {
    name,
    secretKey,
    address: addressOfPublicKey(secp256k1.getPublicKey(secretKey)),
    sign: (digest) => signDigest(digest, secretKey),
  };
}

export const alice: Person = person('alice');
export const bob: Person = person('bob');
export const doctor: Person = person('doctor');
export const clinic: Person = person('clinic');
export const stranger: Person = person('stranger');

/** The authority's keys, ascending by address, as signatures must come. */
export const officials: readonly Person[] = ['official 1', 'official 2', 'official 3']
  .map(person)
  .toSorted((a, b) => (a.address < b.address ? -1 : 1));

export const authority: Authority = { threshold: 2, keys: officials.map(({ address }) => address) };

export const genesis: Genesis = {
  protocolVersion: 1,
  domain: localDomain({ salt: hashOf('ledger'), authority }),
  authority,
};

export const foreignGenesis: Genesis = {
  protocolVersion: 1,
  domain: localDomain({ salt: hashOf('another ledger'), authority }),
  authority,
};

/** A moment of 2026, in seconds. */
export const now = 1_790_000_000;
