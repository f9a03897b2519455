import { ed25519 } from '@noble/curves/ed25519.js';
import { ED25519, keyIdOf } from './key-id.ts';
import { requireKeyName } from './key-name.ts';
import { verifierKeyText } from './verifier-key.ts';

const SECRET_KEY_BYTES = 32;

/** Puts a name to notes. */
export interface NoteSigner {
  readonly name: string;
  readonly keyId: number;
  /** Signature over the UTF-8 of a text. */
  sign(text: string): Uint8Array;
}

export interface Ed25519Key {
  /** Such as `example.org/log`: no spaces, no plus. The name of a log's key is the origin of its checkpoints. */
  readonly name: string;
  /** 32 bytes of the seed of RFC 8032. */
  readonly secretKey: Uint8Array;
}

/** A signer, and the verifier key by which others know it. */
export interface Ed25519NoteSigner extends NoteSigner {
  readonly verifierKey: string;
}

/** @throws RangeError for a text that can not name a key, or a secret key that has not 32 bytes. */
export function ed25519NoteSigner({ name, secretKey }: Ed25519Key): Ed25519NoteSigner {
  requireKeyName(name);
  const secret = secretKey.slice();
  const publicKey = ed25519PublicKey(secret);
  return {
    name,
    keyId: keyIdOf(name, ED25519, publicKey),
    verifierKey: verifierKeyText(name, ED25519, publicKey),
    sign: (text) => ed25519.sign(new TextEncoder().encode(text), secret),
  };
}

/** @throws RangeError for a secret key that has not 32 bytes. */
export function ed25519PublicKey(secretKey: Uint8Array): Uint8Array {
  if (secretKey.length !== SECRET_KEY_BYTES) throw new RangeError('An Ed25519 secret key has 32 bytes');
  return ed25519.getPublicKey(secretKey);
}
