import { keccak_256 } from '@noble/hashes/sha3.js';
import { utf8ToBytes } from '@noble/hashes/utils.js';
import type { AnyCommandDefinition, CommandId, Field } from '../command.ts';
import { concat, fromHex, type Hex, toHex } from './bytes.ts';
import { kinds } from './kinds.ts';
import { WORD } from './word.ts';

type WireFields = readonly (readonly [name: string, field: Field])[];

const fieldsOf = new WeakMap<AnyCommandDefinition, WireFields>();

/** Every field of a command on the wire, in order: its own, then `actor` (where one signs), then `validUntil`. */
export function wireFields(definition: AnyCommandDefinition): WireFields {
  let fields = fieldsOf.get(definition);
  if (fields === undefined) fieldsOf.set(definition, (fields = listFields(definition)));
  return fields;
}

function listFields(definition: AnyCommandDefinition): WireFields {
  const fields = Object.entries(definition.fields);
  if (definition.signers === 'actor') fields.push(['actor', { kind: 'participant', doc: 'who signs' }]);
  fields.push(['validUntil', { kind: 'time', doc: 'first second at which the command is dead' }]);
  return fields;
}

/** EIP-712 `encodeType`, e.g. `DenyAccess(address patient,bytes32 request,address actor,uint40 validUntil)`. */
export function encodeType(definition: AnyCommandDefinition): string {
  const members = wireFields(definition).map(([name, { kind }]) => `${kinds[kind].solidity} ${name}`);
  return `${structName(definition)}(${members.join(',')})`;
}

export function structName(definition: AnyCommandDefinition): string {
  return definition.name.charAt(0).toUpperCase() + definition.name.slice(1);
}

const typeHashes = new WeakMap<AnyCommandDefinition, Uint8Array>();

export function typeHash(definition: AnyCommandDefinition): Uint8Array {
  let hash = typeHashes.get(definition);
  if (hash === undefined) {
    hash = keccak_256(utf8ToBytes(encodeType(definition)));
    typeHashes.set(definition, hash);
  }
  return hash;
}

export const DOMAIN_NAME = 'medseal';
export const DOMAIN_VERSION = '1';
export const DOMAIN_TYPE = 'EIP712Domain(string name,string version,bytes32 salt)';

const fixedParts = [DOMAIN_TYPE, DOMAIN_NAME, DOMAIN_VERSION].map((text) => keccak_256(utf8ToBytes(text)));

/** EIP-712 domain separator. The same domain fields on every ledger: `salt` alone tells ledgers apart. */
export function domainSeparator(domain: Hex): Uint8Array {
  return keccak_256(concat(...fixedParts, fromHex(domain)));
}

// What is hashed stands in memory that is used again: memory of its own for each command would cost as much as a quick hash.

const structs = new WeakMap<AnyCommandDefinition, Uint8Array>();

/** The type hash of a command, then its words. */
function structBytes(definition: AnyCommandDefinition, words: Uint8Array): Uint8Array {
  let bytes = structs.get(definition);
  if (bytes?.length === WORD + words.length) bytes.set(words, WORD);
  else structs.set(definition, (bytes = concat(typeHash(definition), words)));
  return bytes;
}

const SIGNED_TAG = Uint8Array.of(0x19, 0x01);

let last: { readonly domain: Hex; readonly bytes: Uint8Array } | undefined;

/** `0x1901`, the domain separator, then the hash of a command. */
function signedBytes(domain: Hex, structHash: Uint8Array): Uint8Array {
  // One of another length would stand in the memory of the next command too.
  if (structHash.length !== WORD) throw new RangeError('A Keccak-256 that was passed in gives no hash of 32 bytes');
  // A reader of one ledger asks for the same domain with every entry: its hash alone would be most of what an id costs.
  if (last?.domain !== domain) last = { domain, bytes: concat(SIGNED_TAG, domainSeparator(domain), structHash) };
  else last.bytes.set(structHash, SIGNED_TAG.length + WORD);
  return last.bytes;
}

/**
 * Keccak-256 of bytes, which it must neither change nor keep, nor ask for another command's id before it has read them:
 * they stand in memory that is used again.
 */
export type Keccak256 = (bytes: Uint8Array) => Uint8Array;

/**
 * EIP-712 digest of a command whose wire words are `words`: what is signed.
 *
 * @throws RangeError when `keccak256` gives a hash of another length.
 */
export function commandDigest(
  definition: AnyCommandDefinition,
  words: Uint8Array,
  domain: Hex,
  keccak256: Keccak256 = keccak_256,
): Uint8Array {
  const structHash = keccak256(structBytes(definition, words));
  return keccak256(signedBytes(domain, structHash));
}

/** The id of a command whose wire words are `words`: its EIP-712 digest. */
export function commandId(definition: AnyCommandDefinition, words: Uint8Array, domain: Hex): CommandId {
  return toHex(commandDigest(definition, words, domain));
}
