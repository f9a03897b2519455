import { keccak_256 } from '@noble/hashes/sha3.js';
import { utf8ToBytes } from '@noble/hashes/utils.js';
import type { AnyCommandDefinition, CommandId, Field } from '../command.ts';
import { concat, fromHex, type Hex, toHex } from './bytes.ts';
import { kinds } from './kinds.ts';

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
let last: { readonly domain: Hex; readonly separator: Uint8Array } | undefined;

/** EIP-712 domain separator. The same domain fields on every ledger: `salt` alone tells ledgers apart. */
export function domainSeparator(domain: Hex): Uint8Array {
  // A reader of one ledger asks for the same one with every entry: without this it is most of what an id costs.
  if (last?.domain !== domain) last = { domain, separator: keccak_256(concat(...fixedParts, fromHex(domain))) };
  return last.separator.slice();
}

/** EIP-712 digest of a command whose wire words are `words`: its id, and what is signed. */
export function commandId(definition: AnyCommandDefinition, words: Uint8Array, domain: Hex): CommandId {
  const structHash = keccak_256(concat(typeHash(definition), words));
  return toHex(keccak_256(concat(Uint8Array.of(0x19, 0x01), domainSeparator(domain), structHash)));
}
