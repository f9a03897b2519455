import { equalBytes } from '../lib/equal-bytes.ts';
import { climb } from './climb.ts';
import { levelOf } from './powers-of-two.ts';
import { isSize } from './require-size.ts';
import { emptyRoot } from './tree-hash.ts';

export interface Consistency {
  readonly from: number;
  readonly to: number;
  readonly fromRoot: Uint8Array;
  readonly toRoot: Uint8Array;
  readonly proof: readonly Uint8Array[];
}

/** Whether the proof shows that the larger tree begins with the smaller one (RFC 9162 section 2.1.4.2). */
export function verifyConsistency({ from, to, fromRoot, toRoot, proof }: Consistency): boolean {
  if (!isSize(from) || !isSize(to) || from > to) return false;
  if (from === to) return proof.length === 0 && equalBytes(fromRoot, toRoot);
  if (from === 0) return proof.length === 0 && equalBytes(fromRoot, emptyRoot);
  // The proof does not name an old tree that is a complete subtree of the new one.
  const [seed, ...siblings] = levelOf(from) === undefined ? proof : [fromRoot, ...proof];
  if (seed === undefined) return false;
  let [place, last] = [from - 1, to - 1];
  while (place % 2 === 1) [place, last] = [Math.floor(place / 2), Math.floor(last / 2)];
  const climbed = climb(seed, { place, last }, siblings);
  return climbed !== undefined && equalBytes(climbed.older, fromRoot) && equalBytes(climbed.newer, toRoot);
}
