import { toHex } from '@medseal/protocol';
import { UnverifiedLogError } from '../errors/unverified-log-error.ts';
import { cosignatures } from './cosignatures.ts';
import type { WitnessVerifier } from './witness-verifier.ts';

/** Which witnesses a reader knows, and how many of them must have cosigned what he believes. */
export interface WitnessPolicy {
  readonly witnesses: readonly WitnessVerifier[];
  readonly quorum: number;
  /** Cosignatures from before this time, in seconds, do not count; all do by default. */
  readonly notBefore?: number | undefined;
}

/** @throws RangeError when the quorum is not 0 to the number of witnesses, or two witnesses are one key or one name. */
export function requireWitnessPolicy({ witnesses, quorum }: WitnessPolicy): void {
  if (!Number.isInteger(quorum) || quorum < 0 || quorum > witnesses.length)
    throw new RangeError('The quorum of witnesses lies between 0 and their number');
  const names = new Set(witnesses.map(({ name }) => name));
  // One key under two names would count twice, for a cosignature does not cover the name.
  const keys = new Set(witnesses.map(({ publicKey }) => toHex(publicKey)));
  if (names.size < witnesses.length || keys.size < witnesses.length)
    throw new RangeError('Each witness has a name and a key of its own');
}

/**
 * Requires that enough witnesses have cosigned the checkpoint.
 *
 * @throws UnverifiedLogError with `witnesses` when they are too few, `signature` when a cosignature is not valid.
 */
export function requireWitnesses(note: string, { witnesses, quorum, notBefore = 0 }: WitnessPolicy): void {
  const counted = cosignatures(note, witnesses).filter(({ time }) => time >= notBefore);
  if (counted.length < quorum) throw new UnverifiedLogError('witnesses');
}
