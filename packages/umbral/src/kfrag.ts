import { concatBytes } from '@noble/hashes/utils.js';
import type { Point } from './curve.ts';
import type { PublicKey } from './keys.ts';

/**
 * Key fragment: lets a proxy turn a capsule of the delegating key into one share of a capsule for the receiving key.
 * Secret between the delegating party and the proxy: t of them together with the receiving key give the delegating key.
 */
export interface KFrag {
  /** 32 random bytes. */
  readonly id: Uint8Array;
  /** rk, a value of the sharing polynomial. */
  readonly key: bigint;
  /** X, the same in all fragments of one delegation. */
  readonly precursor: Point;
  /** U1 = rk U. */
  readonly commitment: Point;
  /** ECDSA, 64 bytes: over the keys that are flagged below. */
  readonly signatureForProxy: Uint8Array;
  /** ECDSA, 64 bytes: over both keys; travels on in the cfrag. */
  readonly signatureForReceiver: Uint8Array;
  readonly delegatingKeySigned: boolean;
  readonly receivingKeySigned: boolean;
}

/** Length of a fragment's id. */
export const ID_BYTES = 32;

/** A key fragment that came out of `verifyKFrag` or `generateKFrags`. */
export interface VerifiedKFrag extends KFrag {
  readonly verified: true;
}

export interface SignedFragment {
  readonly id: Uint8Array;
  readonly commitment: Point;
  readonly precursor: Point;
}

export interface SignedKeys {
  readonly delegatingKey: PublicKey | undefined;
  readonly receivingKey: PublicKey | undefined;
}

/** What the delegating party signs: a presence byte stands before each key. */
export function signedMessage(fragment: SignedFragment, keys: SignedKeys): Uint8Array {
  return concatBytes(
    fragment.id,
    fragment.commitment.toBytes(),
    fragment.precursor.toBytes(),
    optionalKey(keys.delegatingKey),
    optionalKey(keys.receivingKey),
  );
}

function optionalKey(key: PublicKey | undefined): Uint8Array {
  return key === undefined ? Uint8Array.of(0) : concatBytes(Uint8Array.of(1), key.point.toBytes());
}
