import { ed25519 } from '@noble/curves/ed25519.js';
import { ED25519 } from './key-id.ts';
import { parseVerifierKey } from './verifier-key.ts';

export const SIGNATURE_BYTES = 64;

/** Knows the signatures of one key on notes. */
export interface NoteVerifier {
  readonly name: string;
  readonly keyId: number;
  verify(text: string, signature: Uint8Array): boolean;
}

/** @throws MalformedObjectError when the text is no Ed25519 verifier key of C2SP signed-note. */
export function noteVerifier(verifierKey: string): NoteVerifier {
  const { name, keyId, publicKey } = parseVerifierKey(verifierKey, ED25519);
  return { name, keyId, verify: (text, signature) => verifyEd25519(publicKey, text, signature) };
}

/** Strictly by RFC 8032, so that all readers agree on what is a signature. */
export function verifyEd25519(publicKey: Uint8Array, text: string, signature: Uint8Array): boolean {
  if (signature.length !== SIGNATURE_BYTES) return false;
  return ed25519.verify(signature, new TextEncoder().encode(text), publicKey, { zip215: false });
}
