import { type HashReader, inclusionProof, verifyInclusion } from '@medseal/core/tlog';
import type { Tables } from '../database/tables.ts';
import { leafHash, nodeHash } from '../database/tree-hash.ts';
import { LedgerCorruptError } from '../errors.ts';
import type { Head } from './head.ts';

/** Entries that are read and checked together: a complete subtree of level 8, or what there is of the last. */
export const BATCH = 256;

/** An entry whose bytes were found in the signed tree. */
export interface CheckedEntry {
  readonly seq: number;
  readonly bytes: Uint8Array;
  readonly leaf: Uint8Array;
}

/**
 * The entries of the batch that begins at `first`, a multiple of {@link BATCH}: all of them hashed, and one path from
 * their common subtree to the signed root.
 *
 * @throws LedgerCorruptError naming the entry that is not what was written.
 */
export function checkedBatch({ entries, hashes }: Tables, head: Head, first: number): readonly CheckedEntry[] {
  const end = Math.min(first + BATCH, head.size);
  const read = entries.range(first, end).map((bytes, i) => ({ seq: first + i, bytes, leaf: leafHash(bytes) }));
  const leaves = read.map(({ leaf }) => leaf);
  checkPath({ head, index: first, leaf: leaves[0], read: withComputed(first, leaves, hashes.get) }, () => {
    const wrong = read.find(({ seq, leaf }) => Buffer.compare(hashes.get(0, seq), leaf) !== 0);
    return damage(wrong?.seq ?? first, wrong !== undefined);
  });
  return read;
}

/** One entry, by its own path to the signed root. Cheaper than a batch for a few. */
export function checkedEntry({ entries, hashes }: Tables, head: Head, seq: number): CheckedEntry {
  const bytes = entries.get(seq);
  const leaf = leafHash(bytes);
  checkPath({ head, index: seq, leaf, read: hashes.get }, () =>
    damage(seq, Buffer.compare(hashes.get(0, seq), leaf) !== 0),
  );
  return { seq, bytes, leaf };
}

interface Path {
  readonly head: Head;
  readonly index: number;
  readonly leaf: Uint8Array | undefined;
  readonly read: HashReader;
}

function checkPath({ head: { size, root }, index, leaf, read }: Path, fault: () => LedgerCorruptError): void {
  const proof = inclusionProof(index, size, read);
  if (leaf === undefined || !verifyInclusion({ leaf, index, size, root, proof })) throw fault();
}

function damage(seq: number, ofEntry: boolean): LedgerCorruptError {
  const what = ofEntry ? 'an entry is not what was written' : 'the hashes of the tree do not lead to its signed root';
  return new LedgerCorruptError(what, { seq });
}

/** Reads hashes below the batch from its own leaves, all others as they are stored. */
function withComputed(first: number, leaves: readonly Uint8Array[], stored: HashReader): HashReader {
  const levels = [leaves];
  for (let below = leaves; below.length > 1; levels.push(below)) below = pairs(below);
  return (level, index) => levels[level]?.[index - first / 2 ** level] ?? stored(level, index);
}

function pairs(below: readonly Uint8Array[]): readonly Uint8Array[] {
  const above: Uint8Array[] = [];
  for (let i = 0; i + 1 < below.length; i += 2) {
    const [left, right] = below.slice(i, i + 2);
    if (left !== undefined && right !== undefined) above.push(nodeHash(left, right));
  }
  return above;
}
