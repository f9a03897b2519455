import { type Checkpoint, parseCheckpoint } from './checkpoint.ts';
import { parseNote } from './parse-note.ts';

/**
 * The checkpoint of a note whose signatures nobody has looked at: for the log itself, and to say which one was refused.
 *
 * @throws MalformedObjectError
 */
export function unverifiedCheckpoint(note: string): Checkpoint {
  return parseCheckpoint(parseNote(note).text);
}
