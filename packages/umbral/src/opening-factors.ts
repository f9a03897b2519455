import { FpInvertBatch } from '@noble/curves/abstract/modular.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import { backend } from './current-backend.ts';
import { Fn, invertSecret, type Point } from './curve.ts';
import type { SecretKey } from './keys.ts';
import { randomScalar } from './random-scalar.ts';
import { fragmentIndex, sharedFactor } from './shared-secret.ts';

/** What a receiver derives from his secret key and one delegation, the same for every capsule. Secret. */
export interface OpeningFactors {
  readonly d: bigint;
  /** 1/d. */
  readonly inverse: bigint;
  /** Lagrange weights at zero of the fragments with these ids, which differ. */
  weightsOf(ids: readonly Uint8Array[]): readonly bigint[];
}

export function openingFactors(receivingSecret: SecretKey, receivingKey: Point, precursor: Point): OpeningFactors {
  const shared = { precursor, receivingKey, dh: backend().multiply(precursor, receivingSecret.scalar) };
  const d = sharedFactor(shared);
  let latest: { readonly ids: string; readonly weights: readonly bigint[] } | undefined;
  const weightsOf = (ids: readonly Uint8Array[]): readonly bigint[] => {
    const wanted = ids.map(bytesToHex).join();
    // Where the fragments lie, like the x of any Shamir share, tells nothing about d.
    if (latest?.ids !== wanted)
      latest = { ids: wanted, weights: lagrangeAtZero(ids.map((id) => fragmentIndex(shared, id))) };
    return latest.weights;
  };
  return { d, inverse: invertSecret(d, randomScalar()), weightsOf };
}

/** Weights that give the value at 0 of a polynomial from its values at these places, which differ. */
function lagrangeAtZero(places: readonly bigint[]): bigint[] {
  const parts = places.map((place) => {
    const others = places.filter((other) => other !== place);
    return {
      numerator: others.reduce((product, other) => Fn.mul(product, other), 1n),
      denominator: others.reduce((product, other) => Fn.mul(product, Fn.sub(other, place)), 1n),
    };
  });
  const inverses = FpInvertBatch(
    Fn,
    parts.map(({ denominator }) => denominator),
    true,
  );
  return parts.map(({ numerator }, i) => Fn.mul(numerator, inverses[i] ?? 0n));
}
