import { describe, expect, it } from 'vitest';
import { codeOf, delegate, firstOf, makeParties } from '../test/parties.ts';
import { generateKFrags } from './generate-kfrags.ts';
import { verifyKFrag } from './verify-kfrag.ts';

const parties = makeParties();
const strangers = makeParties();

describe('generateKFrags', () => {
  it.each([
    [0, 1],
    [-1, 1],
    [2, 1],
    [1, 0],
    [1.5, 2],
    [1, 2.5],
    [Number.NaN, 2],
    [1, Number.POSITIVE_INFINITY],
  ])('refuses %s of %s', (threshold, shares) => {
    expect(codeOf(() => delegate(parties, threshold, shares))).toBe('BAD_THRESHOLD');
  });

  it('makes one fragment for each share, all of one delegation, no two alike', () => {
    const kfrags = delegate(parties, 2, 5);
    expect(kfrags).toHaveLength(5);
    expect(new Set(kfrags.map((kfrag) => kfrag.key)).size).toBe(5);
    expect(new Set(kfrags.map((kfrag) => kfrag.id.toString())).size).toBe(5);
    expect(new Set(kfrags.map((kfrag) => kfrag.precursor.toHex())).size).toBe(1);
  });

  it('makes unrelated fragments every time', () => {
    const [one, other] = [firstOf(delegate(parties, 1, 1)), firstOf(delegate(parties, 1, 1))];
    expect(one.key).not.toBe(other.key);
    expect(one.precursor.equals(other.precursor)).toBe(false);
  });
});

describe('verifyKFrag', () => {
  const kfrag = firstOf(delegate(parties, 1, 1));

  it('accepts its own keys and refuses any other', () => {
    expect(verifyKFrag(kfrag, parties).verified).toBe(true);
    for (const name of ['verifyingKey', 'delegatingKey', 'receivingKey'] as const) {
      expect(codeOf(() => verifyKFrag(kfrag, { ...parties, [name]: strangers[name] }))).toBe('INVALID_KFRAG');
    }
  });

  it('refuses to leave out a key that is signed', () => {
    expect(codeOf(() => verifyKFrag(kfrag, { ...parties, delegatingKey: undefined }))).toBe('INVALID_KFRAG');
    expect(codeOf(() => verifyKFrag(kfrag, { ...parties, receivingKey: undefined }))).toBe('INVALID_KFRAG');
  });

  it('refuses a key that is not signed', () => {
    const delegation = { ...parties, threshold: 1, shares: 1 };
    const { verifyingKey, delegatingKey, receivingKey } = parties;
    const unbound = firstOf(generateKFrags({ ...delegation, signDelegatingKey: false }));
    expect(verifyKFrag(unbound, { verifyingKey, receivingKey }).verified).toBe(true);
    expect(codeOf(() => verifyKFrag(unbound, parties))).toBe('INVALID_KFRAG');
    const unaddressed = firstOf(generateKFrags({ ...delegation, signReceivingKey: false }));
    expect(verifyKFrag(unaddressed, { verifyingKey, delegatingKey }).verified).toBe(true);
    expect(codeOf(() => verifyKFrag(unaddressed, parties))).toBe('INVALID_KFRAG');
  });

  it('refuses parts of two fragments', () => {
    const other = firstOf(delegate(parties, 1, 1));
    for (const name of ['id', 'key', 'precursor', 'commitment'] as const) {
      expect(codeOf(() => verifyKFrag({ ...kfrag, [name]: other[name] }, parties))).toBe('INVALID_KFRAG');
    }
    const swapped = { ...kfrag, signatureForReceiver: other.signatureForReceiver };
    expect(codeOf(() => verifyKFrag(swapped, parties))).toBe('INVALID_KFRAG');
  });
});
