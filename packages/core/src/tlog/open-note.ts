import { UnverifiedLogError } from '../errors/unverified-log-error.ts';
import type { NoteVerifier } from './note-verifier.ts';
import { parseNote } from './parse-note.ts';

export interface OpenedNote {
  /** The signed text, with its last newline. */
  readonly text: string;
  /** Names of the keys whose signatures were verified, at least one, each once. */
  readonly verified: readonly string[];
}

/**
 * Opens a signed note. Signatures of unknown keys are passed over, as C2SP signed-note asks.
 *
 * @throws MalformedObjectError for what is no note; UnverifiedLogError when no known key has signed it (`signer`), or a
 *   signature in the name of a known one is not valid (`signature`).
 */
export function openNote(note: string, verifiers: readonly NoteVerifier[]): OpenedNote {
  const { text, signatures } = parseNote(note);
  const verified = new Set<string>();
  for (const { name, keyId, signature } of signatures) {
    const known = verifiers.filter((verifier) => verifier.name === name && verifier.keyId === keyId);
    if (known.length === 0) continue;
    // Two known keys of one name and id would leave open whose signature this is: then it must be valid for one.
    if (!known.some((verifier) => verifier.verify(text, signature))) throw new UnverifiedLogError('signature');
    verified.add(name);
  }
  if (verified.size === 0) throw new UnverifiedLogError('signer');
  return { text, verified: [...verified] };
}
