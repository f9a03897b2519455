import { concat } from '@medseal/protocol';
import {
  capsuleFromSimpleBytes,
  capsuleToSimpleBytes,
  decapsulateOriginal,
  encapsulate,
  type PublicKey,
  publicKeyOf,
  publicKeyToBytes,
  type SecretKey,
} from '@medseal/umbral';
import { DecryptionError } from '../errors/decryption-error.ts';
import { openOnce, sealOnce } from '../lib/aead.ts';
import { readObject } from '../lib/byte-reader.ts';
import { deriveKey } from '../lib/kdf.ts';
import { wipe } from '../lib/wipe.ts';

const VERSION = 1;
const CAPSULE_BYTES = 98;

/**
 * Seals a message to one participant: version ‖ capsule ‖ AES-256-GCM under a key from Umbral's KEM. The derivation
 * takes in receiver, capsule and context, so a box opens only for the receiver and the purpose that it was made for. It
 * does not say who made it.
 *
 * @param context what the box is for: any bytes, the same for the receiver
 */
export async function sealTo(
  receivingPublicKey: PublicKey,
  bytes: Uint8Array,
  context: Uint8Array,
): Promise<Uint8Array> {
  const { capsule, key } = encapsulate(receivingPublicKey);
  const header = capsuleToSimpleBytes(capsule);
  const boxKey = deriveBoxKey(key, header, receivingPublicKey, context);
  const sealed = await sealOnce(boxKey, bytes);
  wipe(key, boxKey);
  return concat(Uint8Array.of(VERSION), header, sealed);
}

/** @throws DecryptionError, whatever is wrong. */
export async function openBox(receivingSecret: SecretKey, box: Uint8Array, context: Uint8Array): Promise<Uint8Array> {
  try {
    const { header, sealed } = parseBox(box);
    const key = decapsulateOriginal(receivingSecret, capsuleFromSimpleBytes(header));
    const boxKey = deriveBoxKey(key, header, publicKeyOf(receivingSecret), context);
    wipe(key);
    return await openOnce(boxKey, sealed).finally(() => wipe(boxKey));
  } catch {
    throw new DecryptionError();
  }
}

function parseBox(box: Uint8Array): { readonly header: Uint8Array; readonly sealed: Uint8Array } {
  return readObject(box, 'box', (next) => {
    next.require(next.u8('version') === VERSION, 'version', 'is unknown');
    const header = next.fixed(CAPSULE_BYTES, 'capsule');
    return { header, sealed: next.fixed(box.length - 1 - CAPSULE_BYTES, 'ciphertext') };
  });
}

function deriveBoxKey(
  key: Uint8Array,
  capsule: Uint8Array,
  receivingPublicKey: PublicKey,
  context: Uint8Array,
): Uint8Array {
  const info = concat(capsule, publicKeyToBytes(receivingPublicKey), context);
  return deriveKey(key, 'medseal participant box v1', { info });
}
