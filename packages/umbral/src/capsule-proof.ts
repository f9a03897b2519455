import { abytes, numberToBytesBE } from '@noble/curves/utils.js';
import { concatBytes } from '@noble/hashes/utils.js';
import { type Capsule, capsuleToSimpleBytes } from './capsule.ts';
import { backend } from './current-backend.ts';
import { Fn, G, type Point, SCALAR_BYTES, scalarFromBytes, scalarToBytes } from './curve.ts';
import { UmbralError } from './errors.ts';
import { hashToScalar } from './hash-to-scalar.ts';
import type { PublicKey } from './keys.ts';
import { hedgedScalar } from './random-scalar.ts';

export const CAPSULE_PROOF_BYTES = 96;

/** Proof that the maker of a capsule knows r and u, for one delegating key and context: c || zr || zu. */
export function proveCapsule(
  secrets: { readonly r: bigint; readonly u: bigint },
  capsule: Capsule,
  delegatingKey: PublicKey,
  context: Uint8Array,
): Uint8Array {
  const statement = capsuleStatement(capsule, delegatingKey, context);
  const a = hedgedScalar('capsule-proof/r', scalarToBytes(secrets.r), statement);
  const b = hedgedScalar('capsule-proof/u', scalarToBytes(secrets.u), statement);
  const c = proofChallenge(backend().multiplyBase(a), backend().multiplyBase(b), statement);
  const zr = Fn.add(a, Fn.mul(c, secrets.r));
  const zu = Fn.add(b, Fn.mul(c, secrets.u));
  return concatBytes(scalarToBytes(c), scalarToBytes(zr), scalarToBytes(zu));
}

/**
 * Checks that a capsule was made for this delegating key and this context, by somebody who knew its randomness.
 *
 * **Why.** A capsule by itself is bound to nothing but its own points. A grantee who may open record 2 can put the
 * capsule of record 1 (of the same delegating key) into record 2; honest proxies re-encrypt it, and he opens record 1.
 * Holders must therefore check this proof, with a context that names the record, before they re-encrypt or open.
 *
 * **What it is.** Non-interactive Schnorr proof (RFC 8235) of the logarithms r of E and u of V, in one challenge:
 * commitments R = aG and W = bG, c = H(tag, R, W, E, V, s, delegating key, context), zr = a + c r, zu = b + c u. The
 * verifier recomputes R = zr G - c E and W = zu G - c V. All inputs but the context have a fixed length, and it carries its own.
 *
 * **Why it is sound.** (Random oracle model; discrete logarithms in secp256k1 are hard.)
 * - *Extraction.* Two accepting answers to the same commitments and different challenges c, c' give
 *   r = (zr - zr')/(c - c') and u = (zu - zu')/(c - c'). By the forking lemma whoever makes a proof knows both.
 * - *Copying.* Another context or key is another oracle query with an unrelated challenge, so an old proof passes for
 *   it with chance 2^-256, and a new proof would yield r of somebody else's capsule. Answers are unique for a
 *   commitment and challenge (one encoding, scalars in 1..n-1), so seeing honest proofs does not help to alter one.
 * - *Offsets.* The same holds for every capsule derived from another one, such as E + dG with d known: the extractor
 *   yields r + d, hence r. What is left are capsules whose r and u their maker knows; he can compute their key
 *   (r + u)A himself, so that opening or re-encrypting them teaches him nothing about any other capsule.
 * - *Nothing leaks.* The proof is zero-knowledge, with nonces of its own, independent of those behind s.
 *
 * Both logarithms are proved although s ties u to r, so that the argument does not lean on the capsule's own check.
 * The proof says nothing about *who* made the capsule, and the same capsule may be presented again in its own context.
 *
 * @param context the same bytes as given to `encapsulate`
 * @throws UmbralError `MALFORMED` if the proof is not 96 bytes of three scalars, `INVALID_CAPSULE_PROOF` if it does not hold
 */
export function verifyCapsuleProof(
  capsule: Capsule,
  delegatingKey: PublicKey,
  context: Uint8Array,
  proof: Uint8Array,
): void {
  if (abytes(proof).length !== CAPSULE_PROOF_BYTES) {
    throw new UmbralError('MALFORMED', `capsule proof is not ${CAPSULE_PROOF_BYTES} bytes`);
  }
  const c = scalarFromBytes(proof.subarray(0, SCALAR_BYTES), 'c of the capsule proof');
  const zr = scalarFromBytes(proof.subarray(SCALAR_BYTES, 2 * SCALAR_BYTES), 'zr of the capsule proof');
  const zu = scalarFromBytes(proof.subarray(2 * SCALAR_BYTES), 'zu of the capsule proof');
  const R = backend().sumOfProductsUnsafe([G, capsule.E], [zr, Fn.neg(c)]);
  const W = backend().sumOfProductsUnsafe([G, capsule.V], [zu, Fn.neg(c)]);
  const statement = capsuleStatement(capsule, delegatingKey, context);
  // The identity has no encoding, and no honest proof commits to it.
  if (R.is0() || W.is0() || proofChallenge(R, W, statement) !== c) {
    throw new UmbralError('INVALID_CAPSULE_PROOF', 'the capsule was not made for this delegating key and context');
  }
}

function capsuleStatement(capsule: Capsule, delegatingKey: PublicKey, context: Uint8Array): Uint8Array {
  const length = numberToBytesBE(abytes(context).length, 4);
  return concatBytes(capsuleToSimpleBytes(capsule), delegatingKey.point.toBytes(), length, context);
}

function proofChallenge(R: Point, W: Point, statement: Uint8Array): bigint {
  return hashToScalar('medseal/umbral/capsule-proof/v1', R.toBytes(), W.toBytes(), statement);
}
