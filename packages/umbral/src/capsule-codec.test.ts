import { numberToBytesBE } from '@noble/curves/utils.js';
import { concatBytes } from '@noble/hashes/utils.js';
import { describe, expect, it } from 'vitest';
import { codeOf, forEachMutation, makeParties } from '../test/parties.ts';
import { capsuleChallenge, capsuleToSimpleBytes } from './capsule.ts';
import { capsuleFromBytes, capsuleFromSimpleBytes, capsuleToBytes } from './capsule-codec.ts';
import { Fn, G } from './curve.ts';
import { encapsulate } from './encapsulate.ts';

const { capsule } = encapsulate(makeParties().delegatingKey);
const bytes = capsuleToBytes(capsule);
const simple = capsuleToSimpleBytes(capsule);
const bin8 = (content: Uint8Array) => Uint8Array.of(0xc4, content.length, ...content);

describe('capsule on the wire', () => {
  it('round-trips in both forms', () => {
    expect(capsuleToBytes(capsuleFromBytes(bytes))).toEqual(bytes);
    expect(capsuleToSimpleBytes(capsuleFromSimpleBytes(simple))).toEqual(simple);
  });

  it('is refused with any byte changed', () => {
    forEachMutation(bytes, (mutated) => {
      expect(['MALFORMED', 'INVALID_CAPSULE']).toContain(codeOf(() => capsuleFromBytes(mutated)));
    });
    forEachMutation(simple, (mutated) => {
      expect(['MALFORMED', 'INVALID_CAPSULE']).toContain(codeOf(() => capsuleFromSimpleBytes(mutated)));
    });
  });

  it('is refused in every shortened form', () => {
    for (const length of bytes.keys()) {
      expect(codeOf(() => capsuleFromBytes(bytes.subarray(0, length)))).toBe('MALFORMED');
    }
  });

  const E = capsule.E.toBytes();
  const V = capsule.V.toBytes();
  const s = numberToBytesBE(capsule.s, 32);
  const key = (name: string) => Uint8Array.of(0xa0 | name.length, ...new TextEncoder().encode(name));
  it.each([
    ['bytes after its end', Uint8Array.of(...bytes, 0)],
    ['a longer array header', concatBytes(Uint8Array.of(0xdc, 0, 3), bytes.subarray(1))],
    ['a bin 16 header', concatBytes(Uint8Array.of(0x93, 0xc5, 0), bytes.subarray(2))],
    ['an uncompressed point', concatBytes(Uint8Array.of(0x93), bin8(capsule.E.toBytes(false)), bin8(V), bin8(s))],
    ['the identity as E', concatBytes(Uint8Array.of(0x93), bin8(new Uint8Array(33)), bin8(V), bin8(s))],
    ['a map', concatBytes(Uint8Array.of(0x83), key('E'), bin8(E), key('V'), bin8(V), key('s'), bin8(s))],
    ['s of zero', concatBytes(Uint8Array.of(0x93), bin8(E), bin8(V), bin8(new Uint8Array(32)))],
  ])('is refused with %s', (_, malformed) => {
    expect(codeOf(() => capsuleFromBytes(malformed))).toBe('MALFORMED');
  });

  it('is refused when its key would be known to everybody (V = -E)', () => {
    const r = 5n;
    const e = G.multiply(r);
    const v = e.negate();
    const signature = Fn.add(Fn.neg(r), Fn.mul(r, capsuleChallenge(e, v)));
    const forged = capsuleToBytes({ E: e, V: v, s: signature });
    expect(codeOf(() => capsuleFromBytes(forged))).toBe('INVALID_CAPSULE');
  });
});
