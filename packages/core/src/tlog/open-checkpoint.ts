import { UnverifiedLogError } from '../errors/unverified-log-error.ts';
import { type Checkpoint, parseCheckpoint } from './checkpoint.ts';
import type { NoteVerifier } from './note-verifier.ts';
import { openNote } from './open-note.ts';

/**
 * Opens a signed checkpoint. A key signs for the log of its own name only.
 *
 * @throws MalformedObjectError; UnverifiedLogError with `signer` or `signature` as `openNote`, `origin` when the key that
 *   signed is another log's.
 */
export function openCheckpoint(note: string, verifiers: readonly NoteVerifier[]): Checkpoint {
  const { text, verified } = openNote(note, verifiers);
  const checkpoint = parseCheckpoint(text);
  if (!verified.includes(checkpoint.origin)) throw new UnverifiedLogError('origin');
  return checkpoint;
}
