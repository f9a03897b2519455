import { decodeEntry, type EntryBody, fromHex, judge, type Verification } from '@medseal/protocol';
import type { StoredEntry } from '../database/entry-table.ts';
import type { LedgerFile } from '../database/ledger-file.ts';
import { leafHash } from '../database/tree-hash.ts';
import { LedgerCorruptError } from '../errors.ts';
import { BATCH } from '../reading/checked-entries.ts';
import { seqBytes } from '../database/seq-bytes.ts';
import { TreeEdge } from '../writing/tree-edge.ts';
import type { ReplayedState } from './replayed-state.ts';

export interface ReplayOptions {
  readonly size: number;
  readonly state: ReplayedState;
  /** Bytes and signatures of the commands, in order. */
  readonly verify: (wires: readonly Uint8Array[]) => Promise<readonly Verification[]>;
  /** Told how many entries are done; may throw to stop. */
  readonly onBatch: (entries: number) => void;
}

interface Batch {
  readonly first: number;
  readonly rows: readonly StoredEntry[];
  readonly entries: readonly EntryBody[];
  readonly verified: Promise<readonly Verification[]>;
}

/**
 * Runs the rules again over the whole log: each entry must be allowed, with the outcome that it has, and each hash of
 * the tree must be that of its leaves. Gives the edge of the tree and the time of the last entry.
 *
 * @throws LedgerCorruptError naming the first entry that cannot be.
 */
export async function replayLog(
  file: LedgerFile,
  options: ReplayOptions,
): Promise<{ readonly edge: TreeEdge; readonly time: number }> {
  let edge = TreeEdge.load(0, file.tables.hashes.get);
  let time = 0;
  let next = readBatch(file, 0, options);
  while (next !== undefined) {
    const batch = next;
    // Signatures of the next batch are checked on other cores in the meantime.
    next = readBatch(file, batch.first + BATCH, options);
    const verified = await batch.verified;
    for (const [i, row] of batch.rows.entries()) {
      const entry = batch.entries[i];
      const seq = batch.first + i;
      if (entry === undefined || entry.time < time) throw new LedgerCorruptError('time steps back', { seq });
      time = entry.time;
      edge = checkHashes(edge, row);
      judgeAgain(entry, verified[i], seq, options.state);
    }
    options.onBatch(batch.first + batch.rows.length);
  }
  return { edge, time };
}

function readBatch({ tables }: LedgerFile, first: number, { size, verify }: ReplayOptions): Batch | undefined {
  if (first >= size) return undefined;
  const rows = tables.entries.rows(first, Math.min(size, first + BATCH));
  const entries = rows.map(({ entry }, i) => decode(entry, first + i));
  const verified = verify(entries.map(({ wire }) => wire));
  verified.catch(() => {}); // Met when the batch has its turn, if it has.
  return { first, rows, entries, verified };
}

function decode(bytes: Uint8Array, seq: number): EntryBody {
  try {
    return decodeEntry(bytes);
  } catch (error) {
    throw new LedgerCorruptError('an entry is not what was written', { seq, cause: error });
  }
}

function checkHashes(before: TreeEdge, { entry, hashes: stored }: StoredEntry): TreeEdge {
  const { edge, hashes } = before.append(leafHash(entry));
  if (Buffer.compare(stored, hashes) === 0) return edge;
  throw new LedgerCorruptError('an entry, or a hash that it completes, is not what was written', { seq: before.size });
}

function judgeAgain(entry: EntryBody, verified: Verification | undefined, seq: number, state: ReplayedState): void {
  if (verified === undefined || 'outcome' in verified)
    throw new LedgerCorruptError(`a command is refused: ${verified?.code ?? 'not verified'}`, { seq });
  const verdict = judge(verified, entry.time, state.read);
  const code = verdict.outcome === 'applied' ? undefined : verdict.code;
  if (verdict.outcome === 'rejected' || code !== entry.violation)
    throw new LedgerCorruptError(`the rules say ${verdict.outcome} ${code ?? ''}`.trim(), { seq });
  if (verdict.outcome === 'applied') state.write(verdict.writes);
  state.addId(fromHex(verified.id), seqBytes(seq));
}
