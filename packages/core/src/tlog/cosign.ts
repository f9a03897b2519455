import { parseCheckpoint } from './checkpoint.ts';
import { parseNote } from './parse-note.ts';
import { signatureLine } from './sign-note.ts';
import type { WitnessSigner } from './witness-signer.ts';

/**
 * Line with the cosignature of a checkpoint (C2SP tlog-cosignature). Checks nothing but the form: a witness that keeps
 * its word uses `witness`.
 *
 * @throws MalformedObjectError for what is no checkpoint, RangeError for a time that is no whole number of seconds.
 */
export function cosign(checkpointNote: string, witness: WitnessSigner, time: number): string {
  const { text } = parseNote(checkpointNote);
  parseCheckpoint(text);
  return signatureLine(witness.name, witness.keyId, witness.cosign(text, time));
}
