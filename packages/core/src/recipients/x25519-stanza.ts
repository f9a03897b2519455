import { concat } from '@medseal/protocol';
import { x25519 } from '@noble/curves/ed25519.js';
import { DecryptionError } from '../errors/decryption-error.ts';
import { openOnce, sealOnce } from '../lib/aead.ts';
import { readObject } from '../lib/byte-reader.ts';
import { deriveKey } from '../lib/kdf.ts';
import { randomBytes } from '../lib/random.ts';
import { wipe } from '../lib/wipe.ts';
import { type FileIdentity, type FileRecipient, requireDataKey, WRAPPED_BYTES } from './stanza.ts';

/** Type of the stanza to an X25519 key (RFC 7748), for files that leave medseal. After the X25519 stanza of age. */
export const X25519_STANZA = 4;

const KEY_BYTES = 32;

/** Length of an X25519 stanza: ephemeral public key ‖ wrapped data key. */
export const X25519_STANZA_BYTES: number = KEY_BYTES + WRAPPED_BYTES;

/** 32 random bytes. Whoever has them opens what is sealed to their public key. */
export function generateX25519Secret(): Uint8Array {
  return randomBytes(KEY_BYTES);
}

/** @throws RangeError unless the secret is 32 bytes. */
export function x25519PublicKey(secret: Uint8Array): Uint8Array {
  requireKey(secret);
  return x25519.getPublicKey(secret);
}

/** @throws RangeError unless the key is 32 bytes; `wrap` throws it for one of low order, to which anybody knows the secret. */
export function x25519Recipient(publicKey: Uint8Array): FileRecipient {
  requireKey(publicKey);
  const receiver = Uint8Array.from(publicKey);
  return {
    type: X25519_STANZA,
    async wrap(dataKey, context) {
      requireDataKey(dataKey);
      const secret = randomBytes(KEY_BYTES);
      const ephemeral = x25519.getPublicKey(secret);
      const shared = sharedSecret(secret, receiver, () => new RangeError('An X25519 key of low order'));
      const key = deriveStanzaKey(shared, ephemeral, receiver, context);
      const wrapped = await sealOnce(key, dataKey);
      wipe(secret, shared, key);
      return { type: X25519_STANZA, bytes: concat(ephemeral, wrapped) };
    },
  };
}

/** Keeps a copy of the secret. @throws RangeError unless it is 32 bytes. */
export function x25519Identity(secret: Uint8Array): FileIdentity {
  const publicKey = x25519PublicKey(secret);
  const own = Uint8Array.from(secret);
  return {
    type: X25519_STANZA,
    async unwrap({ type, bytes }, context) {
      if (type !== X25519_STANZA) throw new DecryptionError();
      try {
        const { ephemeral, wrapped } = readObject(bytes, 'X25519 stanza', (next) => ({
          ephemeral: next.fixed(KEY_BYTES, 'ephemeral key'),
          wrapped: next.fixed(WRAPPED_BYTES, 'wrapped data key'),
        }));
        const shared = sharedSecret(own, ephemeral, () => new DecryptionError());
        const key = deriveStanzaKey(shared, ephemeral, publicKey, context);
        wipe(shared);
        return await openOnce(key, wrapped).finally(() => wipe(key));
      } catch {
        throw new DecryptionError();
      }
    },
  };
}

function requireKey(key: Uint8Array): void {
  if (key.length !== KEY_BYTES) throw new RangeError(`An X25519 key has ${KEY_BYTES} bytes`);
}

/** A public key of low order makes the secret all zero, whatever the other key: RFC 7748, section 6.1. */
function sharedSecret(secret: Uint8Array, publicKey: Uint8Array, lowOrder: () => Error): Uint8Array {
  try {
    return x25519.getSharedSecret(secret, publicKey);
  } catch {
    throw lowOrder();
  }
}

function deriveStanzaKey(
  shared: Uint8Array,
  ephemeral: Uint8Array,
  receiver: Uint8Array,
  context: Uint8Array,
): Uint8Array {
  return deriveKey(shared, 'medseal x25519 stanza v1', { salt: concat(ephemeral, receiver), info: context });
}
