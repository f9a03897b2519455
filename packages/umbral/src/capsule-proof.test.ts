import { concatBytes, utf8ToBytes } from '@noble/hashes/utils.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { codeOf, forEachMutation, makeParties } from '../test/parties.ts';
import { type Capsule, capsuleChallenge } from './capsule.ts';
import { capsuleFromBytes, capsuleToBytes } from './capsule-codec.ts';
import { proveCapsule, verifyCapsuleProof } from './capsule-proof.ts';
import { Fn, G, scalarFromBytes, scalarToBytes } from './curve.ts';
import { encapsulate } from './encapsulate.ts';
import { publicKeyOf, secretKeyFromBytes } from './keys.ts';

const { delegatingKey, receivingKey: otherKey } = makeParties();
const context = utf8ToBytes('record 1');
const { capsule, proof } = encapsulate(delegatingKey, { context });

const outcome = (shown: Capsule, key = delegatingKey, about = context, evidence = proof) =>
  codeOf(() => verifyCapsuleProof(shown, key, about, evidence));

function capsuleOf(r: bigint, u: bigint): Capsule {
  const E = G.multiply(r);
  const V = G.multiply(u);
  return { E, V, s: Fn.add(u, Fn.mul(r, capsuleChallenge(E, V))) };
}

function scalarsOf(bytes: Uint8Array): readonly [c: bigint, zr: bigint, zu: bigint] {
  const at = (i: number) => scalarFromBytes(bytes.subarray(32 * i, 32 * (i + 1)), 'part');
  return [at(0), at(1), at(2)];
}

describe('proof of a capsule', () => {
  it('holds for its own context and delegating key, also after the wire', () => {
    expect(outcome(capsule)).toBeUndefined();
    expect(outcome(capsuleFromBytes(capsuleToBytes(capsule)))).toBeUndefined();
  });

  it('holds for any context, and for no other', () => {
    const contexts = fc.uint8Array({ maxLength: 40 });
    fc.assert(
      fc.property(contexts, contexts, (one, other) => {
        const made = encapsulate(delegatingKey, { context: one });
        expect(outcome(made.capsule, delegatingKey, one, made.proof)).toBeUndefined();
        fc.pre(concatBytes(one).toString() !== concatBytes(other).toString());
        expect(outcome(made.capsule, delegatingKey, other, made.proof)).toBe('INVALID_CAPSULE_PROOF');
      }),
      { numRuns: 25 },
    );
  });

  it('does not pass with a capsule copied into another context', () => {
    expect(outcome(capsule, delegatingKey, utf8ToBytes('record 2'))).toBe('INVALID_CAPSULE_PROOF');
    const other = encapsulate(delegatingKey, { context: utf8ToBytes('record 2') });
    expect(outcome(capsule, delegatingKey, utf8ToBytes('record 2'), other.proof)).toBe('INVALID_CAPSULE_PROOF');
  });

  it('does not pass under another delegating key', () => {
    expect(outcome(capsule, otherKey)).toBe('INVALID_CAPSULE_PROOF');
  });

  it('does not pass with any byte changed, nor cut or extended', () => {
    forEachMutation(proof, (mutated) => {
      expect(['INVALID_CAPSULE_PROOF', 'MALFORMED']).toContain(outcome(capsule, delegatingKey, context, mutated));
    });
    expect(outcome(capsule, delegatingKey, context, proof.subarray(1))).toBe('MALFORMED');
    expect(outcome(capsule, delegatingKey, context, Uint8Array.of(...proof, 0))).toBe('MALFORMED');
  });

  it('can not be carried over to a capsule at a known offset', () => {
    const [c, zr, zu] = scalarsOf(proof);
    fc.assert(
      fc.property(fc.bigInt(0n, 1n << 64n), fc.bigInt(0n, 1n << 64n), (d, e) => {
        fc.pre(d + e > 0n);
        const shifted = {
          E: capsule.E.add(G.multiplyUnsafe(d)),
          V: capsule.V.add(G.multiplyUnsafe(e)),
          // What s would be if the challenge of the capsule had not changed.
          s: Fn.add(capsule.s, Fn.add(e, Fn.mul(d, capsuleChallenge(capsule.E, capsule.V)))),
        };
        // The answers that fit the shifted points under the old challenge.
        const answers = [c, Fn.add(zr, Fn.mul(c, d)), Fn.add(zu, Fn.mul(c, e))];
        const carried = concatBytes(...answers.map(scalarToBytes));
        expect(outcome(shifted, delegatingKey, context, carried)).toBe('INVALID_CAPSULE_PROOF');
        expect(outcome(shifted)).toBe('INVALID_CAPSULE_PROOF');
        expect(codeOf(() => capsuleFromBytes(capsuleToBytes(shifted)))).toBe('INVALID_CAPSULE');
      }),
      { numRuns: 10 },
    );
  });

  it('needs both r and u', () => {
    const r = 1234n;
    const u = 5678n;
    const known = capsuleOf(r, u);
    const prove = (secrets: { r: bigint; u: bigint }) => proveCapsule(secrets, known, delegatingKey, context);
    expect(outcome(known, delegatingKey, context, prove({ r, u }))).toBeUndefined();
    expect(outcome(known, delegatingKey, context, prove({ r: r + 1n, u }))).toBe('INVALID_CAPSULE_PROOF');
    expect(outcome(known, delegatingKey, context, prove({ r, u: u + 1n }))).toBe('INVALID_CAPSULE_PROOF');
    expect(outcome(known, delegatingKey, context, prove({ r: u, u: r }))).toBe('INVALID_CAPSULE_PROOF');
  });

  it('binds s as well', () => {
    expect(outcome({ ...capsule, s: Fn.add(capsule.s, 1n) })).toBe('INVALID_CAPSULE_PROOF');
  });

  it('uses fresh nonces: two proofs of one statement share nothing', () => {
    const secrets = { r: 11n, u: 22n };
    const key = publicKeyOf(secretKeyFromBytes(scalarToBytes(7n)));
    const [c1, zr1, zu1] = scalarsOf(proveCapsule(secrets, capsuleOf(11n, 22n), key, context));
    const [c2, zr2, zu2] = scalarsOf(proveCapsule(secrets, capsuleOf(11n, 22n), key, context));
    const nonces = [zr1 - c1 * 11n, zr2 - c2 * 11n, zu1 - c1 * 22n, zu2 - c2 * 22n].map((nonce) => Fn.create(nonce));
    expect(new Set(nonces).size).toBe(4);
  });
});
