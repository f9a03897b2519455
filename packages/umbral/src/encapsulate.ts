import { type Capsule, capsuleChallenge } from './capsule.ts';
import { capsuleKey } from './capsule-key.ts';
import { proveCapsule } from './capsule-proof.ts';
import { backend } from './current-backend.ts';
import { Fn } from './curve.ts';
import type { PublicKey } from './keys.ts';
import { randomScalar } from './random-scalar.ts';

export interface Encapsulation {
  readonly capsule: Capsule;
  /** 32 bytes, fresh for every capsule. */
  readonly key: Uint8Array;
}

export interface ProvenEncapsulation extends Encapsulation {
  /** 96 bytes for `verifyCapsuleProof`, bound to the context given. */
  readonly proof: Uint8Array;
}

/**
 * Makes a fresh key and the capsule from which the owner of `delegatingKey`, or a receiver with enough re-encrypted
 * fragments, recovers it.
 *
 * With a context (what the capsule is for; any bytes, the same for the verifier) it comes with a proof that binds the
 * capsule to it. A system whose proxies re-encrypt on somebody's word needs that: see `verifyCapsuleProof`.
 */
export function encapsulate(delegatingKey: PublicKey): Encapsulation;
export function encapsulate(delegatingKey: PublicKey, options: { readonly context: Uint8Array }): ProvenEncapsulation;
export function encapsulate(
  delegatingKey: PublicKey,
  options?: { readonly context: Uint8Array },
): Encapsulation | ProvenEncapsulation {
  const r = randomScalar();
  const u = randomScalar();
  const E = backend().multiplyBase(r);
  const V = backend().multiplyBase(u);
  const s = Fn.add(u, Fn.mul(r, capsuleChallenge(E, V)));
  const capsule = { E, V, s };
  const key = capsuleKey(backend().multiply(delegatingKey.point, Fn.add(r, u)));
  if (options === undefined) return { capsule, key };
  return { capsule, key, proof: proveCapsule({ r, u }, capsule, delegatingKey, options.context) };
}
