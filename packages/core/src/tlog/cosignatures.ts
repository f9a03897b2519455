import { UnverifiedLogError } from '../errors/unverified-log-error.ts';
import { parseNote } from './parse-note.ts';
import type { WitnessVerifier } from './witness-verifier.ts';

export interface Cosignature {
  readonly name: string;
  /** When the witness had seen no larger tree, seconds since 1970 by its clock. */
  readonly time: number;
}

/**
 * Cosignatures of a checkpoint by the given witnesses, the latest of each; those of others are passed over.
 *
 * @throws MalformedObjectError for what is no note; UnverifiedLogError with `signature` when one in the name of a known
 *   witness is not valid.
 */
export function cosignatures(note: string, witnesses: readonly WitnessVerifier[]): readonly Cosignature[] {
  const { text, signatures } = parseNote(note);
  return witnesses.flatMap((witness) => {
    const { name, keyId } = witness;
    const times = signatures
      .filter((line) => line.name === name && line.keyId === keyId)
      .map(({ signature }) => {
        const time = witness.verify(text, signature);
        if (time === undefined) throw new UnverifiedLogError('signature');
        return time;
      });
    return times.length === 0 ? [] : [{ name, time: Math.max(...times) }];
  });
}
