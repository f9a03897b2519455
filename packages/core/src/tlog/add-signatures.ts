import { parseNote, parseSignature } from './parse-note.ts';

/**
 * The note with further signature lines, which are not verified. A line of a key whose signature the note has already
 * takes the place of that one: the cosignature of a witness is newer then.
 *
 * @throws MalformedObjectError
 */
export function addSignatures(note: string, lines: string): string {
  const { text, signatures } = parseNote(note);
  const added = lines
    .split('\n')
    .filter((line) => line !== '')
    .map(parseSignature);
  const kept = signatures.filter((old) => !added.some(({ name, keyId }) => name === old.name && keyId === old.keyId));
  return `${text}\n${[...kept, ...added].map(({ line }) => line).join('')}`;
}
