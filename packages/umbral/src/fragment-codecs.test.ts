import { secp256k1 } from '@noble/curves/secp256k1.js';
import { concatBytes } from '@noble/hashes/utils.js';
import { describe, expect, it } from 'vitest';
import { codeOf, delegate, firstOf, forEachMutation, makeParties } from '../test/parties.ts';
import { cfragFromBytes, cfragToBytes } from './cfrag-codec.ts';
import { encapsulate } from './encapsulate.ts';
import { kfragFromBytes, kfragToBytes } from './kfrag-codec.ts';
import { reencrypt } from './reencrypt.ts';
import { verifyCFrag } from './verify-cfrag.ts';
import { verifyKFrag } from './verify-kfrag.ts';

const parties = makeParties();
const { capsule } = encapsulate(parties.delegatingKey);
const kfrag = firstOf(delegate(parties, 2, 3));
const kfragBytes = kfragToBytes(kfrag);
const cfragBytes = cfragToBytes(reencrypt(capsule, kfrag));

/** The same signature with the other s, which plain ECDSA accepts as well. */
function withHighS(signature: Uint8Array): Uint8Array {
  const { r, s } = secp256k1.Signature.fromBytes(signature, 'compact');
  return new secp256k1.Signature(r, secp256k1.Point.Fn.neg(s)).toBytes('compact');
}

describe('key fragment', () => {
  it('round-trips and verifies', () => {
    const read = kfragFromBytes(kfragBytes);
    expect(kfragToBytes(verifyKFrag(read, parties))).toEqual(kfragBytes);
  });

  it('is refused with any byte changed', () => {
    forEachMutation(kfragBytes, (mutated) => {
      const code = codeOf(() => verifyKFrag(kfragFromBytes(mutated), parties));
      expect(['MALFORMED', 'INVALID_KFRAG']).toContain(code);
    });
  });

  it('is refused under another generator U', () => {
    const other = concatBytes(kfragBytes.subarray(0, 4), capsule.E.toBytes(), kfragBytes.subarray(37));
    expect(other).toHaveLength(kfragBytes.length);
    expect(codeOf(() => kfragFromBytes(other))).toBe('INVALID_KFRAG');
  });

  it('is refused with a high s in either signature', () => {
    const forProxy = { ...kfrag, signatureForProxy: withHighS(kfrag.signatureForProxy) };
    const forReceiver = { ...kfrag, signatureForReceiver: withHighS(kfrag.signatureForReceiver) };
    expect(codeOf(() => kfragFromBytes(kfragToBytes(forProxy)))).toBe('MALFORMED');
    expect(codeOf(() => kfragFromBytes(kfragToBytes(forReceiver)))).toBe('MALFORMED');
  });

  it('is refused with bytes after its end and in every shortened form', () => {
    expect(codeOf(() => kfragFromBytes(Uint8Array.of(...kfragBytes, 0)))).toBe('MALFORMED');
    for (const length of kfragBytes.keys()) {
      expect(codeOf(() => kfragFromBytes(kfragBytes.subarray(0, length)))).toBe('MALFORMED');
    }
  });

  it('is refused with a flag flipped or a flag that is no boolean', () => {
    for (const name of ['delegatingKeySigned', 'receivingKeySigned'] as const) {
      const flipped = kfragFromBytes(kfragToBytes({ ...kfrag, [name]: false }));
      expect(codeOf(() => verifyKFrag(flipped, parties))).toBe('INVALID_KFRAG');
    }
    const nil = Uint8Array.of(...kfragBytes.subarray(0, -1), 0xc0);
    expect(codeOf(() => kfragFromBytes(nil))).toBe('MALFORMED');
  });

  it.each([
    ['Uint8Array', (bytes: Uint8Array): Uint8Array => Uint8Array.from(bytes)],
    // The slice of a Buffer is a view.
    ['Buffer', (bytes: Uint8Array): Uint8Array => Buffer.from(bytes)],
  ])('shares no memory with the %s it was read from', (_, copy) => {
    const source = copy(kfragBytes);
    const read = kfragFromBytes(source);
    source.fill(0);
    expect(kfragToBytes(read)).toEqual(kfragBytes);
  });
});

describe('capsule fragment', () => {
  it('round-trips and verifies', () => {
    const read = cfragFromBytes(cfragBytes);
    expect(cfragToBytes(verifyCFrag(read, capsule, parties))).toEqual(cfragBytes);
  });

  it('is refused with any byte changed', () => {
    forEachMutation(cfragBytes, (mutated) => {
      const code = codeOf(() => verifyCFrag(cfragFromBytes(mutated), capsule, parties));
      expect(['MALFORMED', 'INVALID_CFRAG']).toContain(code);
    });
  });

  it('is refused with a high s', () => {
    const read = cfragFromBytes(cfragBytes);
    const high = { ...read, proof: { ...read.proof, signature: withHighS(read.proof.signature) } };
    expect(codeOf(() => cfragFromBytes(cfragToBytes(high)))).toBe('MALFORMED');
  });

  it('is refused with bytes after its end and in every shortened form', () => {
    expect(codeOf(() => cfragFromBytes(Uint8Array.of(...cfragBytes, 0)))).toBe('MALFORMED');
    for (const length of cfragBytes.keys()) {
      expect(codeOf(() => cfragFromBytes(cfragBytes.subarray(0, length)))).toBe('MALFORMED');
    }
  });
});
