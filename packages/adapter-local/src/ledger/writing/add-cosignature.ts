import {
  addSignatures,
  cosignatures,
  noteVerifier,
  openCheckpoint,
  treeRoot,
  type WitnessVerifier,
} from '@medseal/core/tlog';
import { LedgerRewrittenError } from '@medseal/core/adapter';
import type { LedgerFile } from '../database/ledger-file.ts';
import { writing } from '../database/transaction.ts';

/**
 * Keeps the cosignatures that known witnesses put under a checkpoint of this log; those of others are dropped.
 *
 * @throws MalformedObjectError, UnverifiedLogError when it is no checkpoint of this log, or a signature is not valid.
 * @throws RangeError when no known witness has signed it, or the log is not that long.
 * @throws LedgerRewrittenError when the log has another root at that size.
 */
export function addCosignature(
  file: LedgerFile,
  size: number,
  note: string,
  witnesses: readonly WitnessVerifier[],
): string {
  const own = noteVerifier(file.verifierKey);
  const checkpoint = openCheckpoint(note, [own]);
  if (checkpoint.size > size) throw new RangeError('The log is not as long as this checkpoint');
  if (cosignatures(note, witnesses).length === 0) throw new RangeError('No known witness has cosigned this checkpoint');
  return writing(file.database, () => {
    const { cosigned, hashes } = file.tables;
    if (Buffer.compare(treeRoot(checkpoint.size, hashes.get), checkpoint.root) !== 0)
      throw new LedgerRewrittenError('The log has another root at the size of this checkpoint');
    const [text, lines] = splitNote(note, [own, ...witnesses]);
    const merged = addSignatures(cosigned.get(checkpoint.size) ?? `${text}\n${lines}`, lines);
    cosigned.put(checkpoint.size, merged);
    return merged;
  });
}

type Key = Pick<WitnessVerifier, 'name' | 'keyId'>;

/** Text, and the signature lines of these keys. */
function splitNote(note: string, keys: readonly Key[]): readonly [text: string, lines: string] {
  const end = note.lastIndexOf('\n\n');
  const lines = note.slice(end + 2).split('\n');
  const kept = lines.filter((line) => keys.some((key) => isOf(line, key)));
  return [note.slice(0, end + 1), kept.map((line) => `${line}\n`).join('')];
}

/** The name alone does not tell: a line in it may be of another key, which nobody has verified. */
function isOf(line: string, { name, keyId }: Key): boolean {
  const [, by, encoded = ''] = line.split(' ');
  return by === name && Buffer.from(encoded, 'base64').readUInt32BE() === keyId;
}
