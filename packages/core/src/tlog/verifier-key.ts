import { ed25519 } from '@noble/curves/ed25519.js';
import { concat } from '@medseal/protocol';
import { MalformedObjectError } from '../errors/malformed-object-error.ts';
import { fromBase64, toBase64 } from './base64.ts';
import { keyIdOf, type SignatureType } from './key-id.ts';
import { isKeyName } from './key-name.ts';

export interface VerifierKey {
  readonly name: string;
  readonly keyId: number;
  readonly publicKey: Uint8Array;
}

const PUBLIC_KEY_BYTES = 32;

/** The text form of a public key: `name+id+key`, id in hex, kind and key in base64 (C2SP signed-note). */
export function verifierKeyText(name: string, type: SignatureType, publicKey: Uint8Array): string {
  const id = keyIdOf(name, type, publicKey).toString(16).padStart(8, '0');
  return `${name}+${id}+${toBase64(concat(Uint8Array.of(type), publicKey))}`;
}

/** @throws MalformedObjectError when the text is no key of this kind, or its id is not the key's. */
export function parseVerifierKey(text: string, type: SignatureType): VerifierKey {
  const malformed = (field: string, what: string): MalformedObjectError =>
    new MalformedObjectError('verifier key', field, what);
  const [, name = '', id = '', encoded = ''] = /^([^+]*)\+([0-9a-f]{8})\+(.*)$/s.exec(text) ?? [];
  if (!isKeyName(name)) throw malformed('name', 'is missing or no name of a key');
  const bytes = fromBase64(encoded);
  if (bytes?.length !== 1 + PUBLIC_KEY_BYTES) throw malformed('key', 'is not base64 of 33 bytes');
  if (bytes[0] !== type) throw malformed('type', `is not ${type}`);
  const publicKey = bytes.slice(1);
  if (!ed25519.utils.isValidPublicKey(publicKey, false)) throw malformed('key', 'is no Ed25519 public key');
  const keyId = keyIdOf(name, type, publicKey);
  if (Number.parseInt(id, 16) !== keyId) throw malformed('id', 'is not that of the key');
  return { name, keyId, publicKey };
}
