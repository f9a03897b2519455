import { concat } from '@medseal/protocol';
import { toBase64 } from './base64.ts';
import type { NoteSigner } from './note-signer.ts';
import { requireNoteText } from './parse-note.ts';

/**
 * Signs a text (C2SP signed-note).
 *
 * @throws RangeError for a text that does not end in a newline, or without signers; MalformedObjectError for control
 *   characters in it.
 */
export function signNote(text: string, signers: readonly NoteSigner[]): string {
  if (!text.endsWith('\n')) throw new RangeError('The text of a note ends in a newline');
  if (signers.length === 0) throw new RangeError('A note is signed by one key at least');
  requireNoteText(text);
  const lines = signers.map((signer) => signatureLine(signer.name, signer.keyId, signer.sign(text)));
  return `${text}\n${lines.join('')}`;
}

/** A line of a signed note, with its newline. */
export function signatureLine(name: string, keyId: number, signature: Uint8Array): string {
  const id = new Uint8Array(4);
  new DataView(id.buffer).setUint32(0, keyId);
  return `— ${name} ${toBase64(concat(id, signature))}\n`;
}
