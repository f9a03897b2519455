import { MalformedObjectError } from '../errors/malformed-object-error.ts';
import { fromBase64 } from './base64.ts';
import { isKeyName } from './key-name.ts';

/** A signature line, not verified. */
export interface NoteSignature {
  readonly name: string;
  readonly keyId: number;
  readonly signature: Uint8Array;
  /** The line as it stands in the note, with its newline. */
  readonly line: string;
}

export interface ParsedNote {
  /** What is signed, with its last newline. */
  readonly text: string;
  readonly signatures: readonly NoteSignature[];
}

const MAX_LENGTH = 1_000_000;
const MAX_SIGNATURES = 100;
const LINE = /^— (\S+) (\S+)$/u;
const KEY_ID_BYTES = 4;

const malformed = (field: string, what: string): MalformedObjectError => new MalformedObjectError('note', field, what);

/**
 * Takes a signed note apart (C2SP signed-note). Nothing of it may be believed yet.
 *
 * @throws MalformedObjectError
 */
export function parseNote(note: string): ParsedNote {
  if (note.length > MAX_LENGTH) throw malformed('length', `is more than ${MAX_LENGTH} characters`);
  requireNoteText(note);
  const end = note.lastIndexOf('\n\n');
  if (end === -1) throw malformed('signatures', 'are missing');
  const lines = note.slice(end + 2).split('\n');
  if (lines.pop() !== '') throw malformed('end', 'is no newline');
  if (lines.length === 0 || lines.length > MAX_SIGNATURES)
    throw malformed('signatures', `are not 1 to ${MAX_SIGNATURES}`);
  return { text: note.slice(0, end + 1), signatures: lines.map(parseSignature) };
}

/** @throws MalformedObjectError for a line that is no signature. */
export function parseSignature(line: string): NoteSignature {
  const [, name = '', encoded = ''] = LINE.exec(line) ?? [];
  if (!isKeyName(name)) throw malformed('signature', 'has no name of a key');
  const bytes = fromBase64(encoded);
  if (bytes === undefined || bytes.length <= KEY_ID_BYTES) throw malformed('signature', 'is no base64 of a signature');
  const keyId = new DataView(bytes.buffer).getUint32(0);
  return { name, keyId, signature: bytes.slice(KEY_ID_BYTES), line: `${line}\n` };
}

/** @throws MalformedObjectError for text that a note can not hold. */
export function requireNoteText(text: string): void {
  // oxlint-disable-next-line no-control-regex -- Control characters are what is looked for.
  if (/[\0-\x09\x0b-\x1f]|\p{Surrogate}/u.test(text))
    throw malformed('text', 'has a control character, or is not UTF-8');
}
