import type { Capsule } from './capsule.ts';
import type { Point } from './curve.ts';
import { hashToScalar } from './hash-to-scalar.ts';
import { U } from './parameters.ts';

/** Capsule fragment: one share of a capsule for the receiver, with proof that its proxy used the signed key fragment. */
export interface CFrag {
  /** E1 = rk E. */
  readonly E1: Point;
  /** V1 = rk V. */
  readonly V1: Point;
  /** Id of the key fragment. */
  readonly id: Uint8Array;
  /** X of the key fragment. */
  readonly precursor: Point;
  readonly proof: CFragProof;
}

/** Equality of logarithms: rk of E1 to E, of V1 to V and of the signed commitment U1 to U. */
export interface CFragProof {
  readonly E2: Point;
  readonly V2: Point;
  /** U1 of the key fragment. */
  readonly commitment: Point;
  readonly U2: Point;
  readonly z: bigint;
  /** The delegating party's, for the receiver, copied from the key fragment. */
  readonly signature: Uint8Array;
}

/** A capsule fragment that came out of `verifyCFrag`. */
export interface VerifiedCFrag extends CFrag {
  readonly verified: true;
}

export type CFragPoints = Pick<CFrag, 'E1' | 'V1'> & Pick<CFragProof, 'E2' | 'V2' | 'commitment' | 'U2'>;

/** h of the fragment's proof. */
export function cfragChallenge({ E, V }: Capsule, points: CFragPoints): bigint {
  const { E1, V1, E2, V2, commitment, U2 } = points;
  const order = [E, E1, E2, V, V1, V2, U, commitment, U2];
  return hashToScalar('CFRAG_VERIFICATION', ...order.map((point) => point.toBytes()));
}
