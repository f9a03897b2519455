import { toHex } from '@medseal/protocol';
import {
  type PublicKey,
  publicKeyOf,
  publicKeyToBytes,
  type Receiver,
  receiverOf,
  type SecretKey,
  verifyingKeyToBytes,
} from '@medseal/umbral';
import { DecryptionError } from '../errors/decryption-error.ts';
import { equalBytes } from '../lib/equal-bytes.ts';
import type { Manifest } from '../seal/manifest.ts';

/** Delegations remembered for one key; one has some 100 KiB of public points and one shared secret. */
const MAX_RECEIVERS = 32;

interface Remembered {
  readonly receivingKey: PublicKey;
  /** By delegating and verifying key, the one used latest last. */
  readonly receivers: Map<string, Receiver>;
}

/** Forgotten with the key itself: what a receiver holds is never kept longer than the secret it comes from. */
const remembered = new WeakMap<SecretKey, Remembered>();

/**
 * The receiving end of a manifest's delegation, which is the same for every record under it.
 *
 * @throws DecryptionError when the delegation is to another key than this one
 */
export function receiverOfManifest(receivingSecret: SecretKey, manifest: Manifest): Receiver {
  const { receivingKey, receivers } = rememberedOf(receivingSecret);
  // Asked before any fragment is: an honest proxy's is not signed for this key, and it would look like a cheat.
  const [own, meant] = [receivingKey, manifest.receivingPublicKey].map(publicKeyToBytes);
  if (own === undefined || meant === undefined || !equalBytes(own, meant)) throw new DecryptionError();
  const { delegatingPublicKey: delegatingKey, verifyingKey } = manifest;
  const name = toHex(publicKeyToBytes(delegatingKey)) + toHex(verifyingKeyToBytes(verifyingKey));
  const receiver = receivers.get(name) ?? receiverOf({ receivingSecret, delegatingKey, verifyingKey });
  receivers.delete(name);
  receivers.set(name, receiver);
  const [oldest] = receivers.keys();
  if (receivers.size > MAX_RECEIVERS && oldest !== undefined) receivers.delete(oldest);
  return receiver;
}

function rememberedOf(secret: SecretKey): Remembered {
  const known = remembered.get(secret) ?? { receivingKey: publicKeyOf(secret), receivers: new Map<string, Receiver>() };
  remembered.set(secret, known);
  return known;
}
