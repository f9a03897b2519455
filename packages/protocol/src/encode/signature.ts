import { secp256k1 } from '@noble/curves/secp256k1.js';
import { keccak_256 } from '@noble/hashes/sha3.js';
import { type Hex, toHex } from './bytes.ts';
import type { Address } from './kinds.ts';
import { SIGNATURE } from './wire.ts';

/** Address of an uncompressed secp256k1 public key: the last 20 bytes of its keccak-256. */
export function addressOfPublicKey(publicKey: Uint8Array): Address {
  const uncompressed = secp256k1.Point.fromBytes(publicKey).toBytes(false);
  return toHex(keccak_256(uncompressed.subarray(1)).subarray(12));
}

/** Signs a digest: r ‖ s ‖ v with low s and v = 27 or 28. The nonce is RFC 6979, so a signature can be made again. */
export function signDigest(digest: Uint8Array, secretKey: Uint8Array): Uint8Array {
  const recovered = secp256k1.sign(digest, secretKey, { prehash: false, lowS: true, format: 'recovered' });
  const signature = new Uint8Array(SIGNATURE);
  signature.set(recovered.subarray(1), 0);
  signature[64] = 27 + (recovered[0] ?? 0);
  return signature;
}

/** Who signed a digest, or `undefined` where the signature is not canonical. */
export type RecoverSigner = (digest: Uint8Array, signature: Uint8Array) => Address | undefined;

/** Who signed, or `undefined` where the signature is not canonical (high s, other v, not on the curve). */
export function recoverSigner(digest: Uint8Array, signature: Uint8Array): Address | undefined {
  const v = signature[64];
  if (signature.length !== SIGNATURE || (v !== 27 && v !== 28)) return undefined;
  const recovered = new Uint8Array(SIGNATURE);
  recovered[0] = v - 27;
  recovered.set(signature.subarray(0, 64), 1);
  try {
    if (secp256k1.Signature.fromBytes(recovered, 'recovered').hasHighS()) return undefined;
    return addressOfPublicKey(secp256k1.recoverPublicKey(recovered, digest, { prehash: false }));
  } catch {
    return undefined;
  }
}

/** Signs command ids for one participant. The key may live in a file, a browser or an HSM. */
export interface CommandSigner {
  readonly address: Hex;
  /** 65 bytes: r ‖ s ‖ v, low s, v = 27 or 28. */
  sign(digest: Uint8Array): Promise<Uint8Array>;
}

/** A signer over a secret key in memory. */
export function memorySigner(secretKey: Uint8Array): CommandSigner {
  return {
    address: addressOfPublicKey(secp256k1.getPublicKey(secretKey)),
    sign: (digest) => Promise.resolve(signDigest(digest, secretKey)),
  };
}
