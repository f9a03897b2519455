/** What is promised of a backend, held against plain arithmetic with noble's points. */
import { bytesToNumberBE, numberToBytesBE } from '@noble/curves/utils.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Fn, G, type Point } from '../src/curve.ts';
import { nobleBackend } from '../src/index.ts';
import { addonBackend } from '../src/native.ts';

const order = Fn.ORDER;
const edges = [1n, 2n, order - 1n, order - 2n, 1n << 128n, (order - 1n) / 2n];
const scalars = fc.oneof(fc.constantFrom(...edges), fc.bigInt(1n, order - 1n));
const points = scalars.map((scalar) => G.multiplyUnsafe(scalar));
const terms = fc.array(fc.tuple(points, scalars), { minLength: 1, maxLength: 6 });
const plainSum = (of: readonly (readonly [Point, bigint])[]): Point =>
  of.reduce((sum, [point, scalar]) => sum.add(point.multiplyUnsafe(scalar)), G.subtract(G));
const runs = { numRuns: 30 };

describe.each([nobleBackend, addonBackend])('$name', (backend) => {
  it('multiplies', () => {
    fc.assert(
      fc.property(points, scalars, (point, scalar) => {
        const expected = point.multiplyUnsafe(scalar);
        expect(backend.multiply(point, scalar).equals(expected)).toBe(true);
        expect(backend.multiply(backend.prepare(point), scalar).equals(expected)).toBe(true);
        const [same, other] = backend.multiplyPair(point, scalar, 3n);
        expect([same.equals(expected), other.equals(point.multiplyUnsafe(3n))]).toEqual([true, true]);
        expect(backend.multiplyBase(scalar).equals(G.multiplyUnsafe(scalar))).toBe(true);
      }),
      runs,
    );
  });

  it.each([0n, order])('refuses the secret scalar %s', (scalar) => {
    expect(() => backend.multiply(G, scalar)).toThrow();
    expect(() => backend.multiplyBase(scalar)).toThrow();
  });

  it('sums products, the identity too', () => {
    fc.assert(
      fc.property(terms, (some) => {
        const [bases, factors] = [some.map(([point]) => point), some.map(([, scalar]) => scalar)];
        expect(backend.sumOfProductsUnsafe(bases, factors).equals(plainSum(some))).toBe(true);
        const negated = factors.map((factor) => Fn.neg(factor));
        expect(backend.sumOfProductsUnsafe([...bases, ...bases], [...factors, ...negated]).is0()).toBe(true);
      }),
      runs,
    );
  });

  it('finds the one false equation among several, wherever it stands', () => {
    fc.assert(
      fc.property(fc.array(terms, { minLength: 1, maxLength: 3 }), fc.nat(2), (many, at) => {
        const equations = many
          .map((some) => ({
            points: some.map(([point]) => point),
            scalars: some.map(([, scalar]) => scalar),
            equals: plainSum(some),
          }))
          .filter(({ equals }) => !equals.is0());
        fc.pre(equations.length > 0);
        expect(backend.holdUnsafe(equations)).toBe(true);
        const wrong = at % equations.length;
        const spoilt = equations.map((one, i) => (i === wrong ? { ...one, equals: one.equals.double() } : one));
        expect(backend.holdUnsafe(spoilt)).toBe(false);
      }),
      runs,
    );
  });

  it('refuses two false equations that make up for each other, and a sum that is the identity', () => {
    const [P, Q] = [G.multiply(3n), G.multiply(5n)];
    const first = { points: [P, Q], scalars: [2n, 3n], equals: G.multiply(22n) };
    const second = { points: [P, Q], scalars: [3n, 2n], equals: G.multiply(18n) };
    expect(backend.holdUnsafe([first, second])).toBe(false);
    expect(backend.holdUnsafe([{ points: [P, P.negate()], scalars: [7n, 7n], equals: P }])).toBe(false);
    expect(
      backend.holdUnsafe([
        { ...first, equals: G.multiply(21n) },
        { ...second, equals: G.multiply(19n) },
      ]),
    ).toBe(true);
  });

  it('reads what noble reads and refuses what it refuses', () => {
    const prefixes = fc.constantFrom(0, 2, 3, 4, 6);
    const candidates = fc
      .tuple(prefixes, fc.bigInt(0n, (1n << 256n) - 1n))
      .map(([prefix, x]) => Uint8Array.of(prefix, ...numberToBytesBE(x, 32)));
    const read = (by: typeof backend, bytes: Uint8Array): string => {
      try {
        return by.decode(bytes).toHex(false);
      } catch {
        return 'refused';
      }
    };
    fc.assert(
      fc.property(candidates, (bytes) => {
        expect(read(backend, bytes)).toBe(read(nobleBackend, bytes));
      }),
      { numRuns: 300 },
    );
  });

  it('signs what the other accepts, and agrees with it on what to refuse', () => {
    const other = backend === nobleBackend ? addonBackend : nobleBackend;
    fc.assert(
      fc.property(scalars, fc.uint8Array({ maxLength: 80 }), fc.nat(63), (secret, message, at) => {
        const key = G.multiply(secret);
        const signature = backend.sign(message, numberToBytesBE(secret, 32));
        const damaged = signature.map((byte, i) => (i === at ? byte ^ 1 : byte));
        for (const verifier of [backend, other]) {
          expect(verifier.verifyUnsafe(signature, message, key)).toBe(true);
          expect(verifier.verifyUnsafe(damaged, message, key)).toBe(false);
          expect(verifier.verifyUnsafe(signature, Uint8Array.of(...message, 0), key)).toBe(false);
        }
        expect(backend.sign(message, numberToBytesBE(secret, 32))).not.toEqual(signature);
      }),
      runs,
    );
  });

  it('refuses a high s and values out of range', () => {
    const message = Uint8Array.of(1);
    const signature = nobleBackend.sign(message, numberToBytesBE(9n, 32));
    const [r, s] = [signature.slice(0, 32), signature.slice(32)];
    const high = numberToBytesBE(order - bytesToNumberBE(s), 32);
    for (const shown of [
      [r, high],
      [numberToBytesBE(order, 32), s],
      [r, numberToBytesBE(order, 32)],
      [r, new Uint8Array(32)],
    ]) {
      const bytes = Uint8Array.of(...shown.flatMap((half) => [...half]));
      expect(backend.verifyUnsafe(bytes, message, G.multiply(9n))).toBe(false);
    }
  });
});
