import { type Address, addressOfPublicKey, type Authority, type Hex, signDigest, toHex } from '@medseal/protocol';
import { secp256k1 } from '@noble/curves/secp256k1.js';
import { keccak_256 } from '@noble/hashes/sha3.js';
import { utf8ToBytes } from '@noble/hashes/utils.js';

/** Somebody who signs in a sequence. The key follows from the name, so that a run can be repeated. */
export interface Member {
  readonly name: string;
  readonly address: Address;
  sign(digest: Uint8Array): Uint8Array;
}

/** 32 bytes that follow from a text: keys, digests, salts, numbers of grants. */
export function hashOf(text: string): Hex {
  return toHex(keccak_256(utf8ToBytes(text)));
}

function member(name: string): Member {
  const secretKey = keccak_256(utf8ToBytes(`medseal conformance key: ${name}`));
  return {
    name,
    address: addressOfPublicKey(secp256k1.getPublicKey(secretKey)),
    sign: (digest) => signDigest(digest, secretKey),
  };
}

const members: Member[] = [];

/** The `index`-th person of every sequence. */
export function memberAt(index: number): Member {
  return (members[index] ??= member(`member ${index}`));
}

/** Holders of the authority's keys, ascending by address, as their signatures must come. */
export const officials: readonly Member[] = ['official 1', 'official 2', 'official 3']
  .map(member)
  .toSorted((a, b) => (a.address < b.address ? -1 : 1));

/** Two of three sign. Make the ledger under test with this authority. */
export const sequenceAuthority: Authority = { threshold: 2, keys: officials.map(({ address }) => address) };
