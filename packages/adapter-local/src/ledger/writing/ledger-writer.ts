import type { Receipt } from '@medseal/core/adapter';
import {
  type CommandId,
  encodeEntry,
  fromHex,
  judge,
  type LedgerCode,
  type ReadState,
  type StateKey,
  type StateValue,
  type VerifiedCommand,
} from '@medseal/protocol';
import { sha256 } from '../database/checksum.ts';
import { checkHead, type LedgerFile } from '../database/ledger-file.ts';
import { type HighWater, HighWaterMark, readHighWater } from '../database/high-water.ts';
import { guarded } from '../database/sqlite-errors.ts';
import { writing } from '../database/transaction.ts';
import { leafHash } from '../database/tree-hash.ts';
import { LedgerLockedError } from '../errors.ts';
import { cursorOf } from '../reading/cursor.ts';
import type { Head } from '../reading/head.ts';
import { readSeq, seqBytes } from '../reading/seq-bytes.ts';
import type { CheckpointKey } from './checkpoint-key.ts';
import type { LedgerClock } from './ledger-clock.ts';
import { PendingRows, type RowCodec } from './pending-rows.ts';
import { TreeEdge } from './tree-edge.ts';

/** A command whose bytes and signatures are good, to be judged. */
export interface Intent {
  readonly verified: VerifiedCommand;
  readonly wire: Uint8Array;
  /** Append it although the log may hold it, as a hostile relayer could have it in other ledgers. For tests. */
  readonly repeat?: boolean | undefined;
}

/** What became of a command, once its batch is durable. */
export type Outcome =
  | { readonly kind: 'appended'; readonly receipt: Receipt }
  | { readonly kind: 'known'; readonly id: CommandId; readonly seq: number }
  | { readonly kind: 'rejected'; readonly code: LedgerCode }
  | { readonly kind: 'failed'; readonly error: unknown };

/** Where a batch stands while it is judged. */
interface Progress {
  edge: TreeEdge;
  readonly time: () => number;
  readonly ids: PendingRows<number>;
  readonly state: PendingRows<StateValue>;
}

/** The one writer of a ledger file: judges commands in order and appends them, a batch in one transaction. */
export class LedgerWriter implements Disposable {
  readonly #file: LedgerFile;
  readonly #key: CheckpointKey;
  readonly #clock: LedgerClock;
  readonly #mark: HighWaterMark;
  #head: Head;
  #edge: TreeEdge;
  /** The checkpoint of a commit that failed: the file is looked at again before the next. */
  #failed: { readonly note: string | undefined } | undefined;

  constructor(file: LedgerFile, key: CheckpointKey, clock: LedgerClock) {
    this.#file = file;
    this.#key = key;
    this.#clock = clock;
    const { head, edge } = guarded(() => loadEdge(file, undefined));
    this.#head = head;
    this.#edge = edge;
    this.#mark = new HighWaterMark(file.path);
    this.#mark.write(this.#head);
  }

  get head(): Head {
    return this.#head;
  }

  /** A value as it was committed. */
  readonly readState: ReadState = (key) =>
    new PendingRows<StateValue>(this.#file.tables.state).get(key.path, stateRow(key));

  /**
   * Judges all and writes what they change; resolves with one outcome each, in order. When it returns it is durable.
   *
   * @throws LedgerUnavailableError, LedgerCorruptError: nothing of the batch was written.
   */
  commit(batch: readonly Intent[]): readonly Outcome[] {
    if (this.#failed !== undefined) this.#reload(this.#failed.note);
    const { ids, state } = this.#file.tables;
    const progress: Progress = {
      edge: this.#edge,
      time: timeOnce(this.#clock),
      ids: new PendingRows(ids),
      state: new PendingRows(state),
    };
    let head = this.#head;
    try {
      const outcomes = writing(this.#file.database, () => {
        this.#requireOwnHead();
        const judged = batch.map((intent) => this.#settle(intent, progress));
        progress.ids.flush();
        progress.state.flush();
        head = this.#signHead(progress.edge);
        return judged;
      });
      if (head !== this.#head) this.#mark.write(head);
      this.#head = head;
      this.#edge = progress.edge;
      return outcomes;
    } catch (error) {
      this.#failed = { note: head === this.#head ? undefined : head.note };
      throw error;
    }
  }

  [Symbol.dispose](): void {
    this.#mark[Symbol.dispose]();
  }

  #settle(intent: Intent, progress: Progress): Outcome {
    const { id } = intent.verified;
    const known = progress.ids.get(id, idRow(id));
    if (known !== undefined && intent.repeat !== true) return { kind: 'known', id, seq: known };
    let time: number;
    try {
      time = progress.time();
    } catch (error) {
      return { kind: 'failed', error };
    }
    const verdict = judge(intent.verified, time, (key) => progress.state.get(key.path, stateRow(key)));
    if (verdict.outcome === 'rejected') return { kind: 'rejected', code: verdict.code };
    const violation = verdict.outcome === 'violation' ? verdict.code : undefined;
    if (verdict.outcome === 'applied')
      for (const { key, value } of verdict.writes) progress.state.put(key.path, stateRow(key), value);
    const { seq, leaf } = this.#append(encodeEntry({ time, wire: intent.wire, violation }), progress);
    if (known === undefined) progress.ids.put(id, idRow(id), seq);
    return { kind: 'appended', receipt: { id, cursor: cursorOf(seq, leaf), time, violation } };
  }

  #append(entry: Uint8Array, progress: Progress): { readonly seq: number; readonly leaf: Uint8Array } {
    const seq = progress.edge.size;
    const leaf = leafHash(entry);
    const { edge, hashes } = progress.edge.append(leaf);
    this.#file.tables.entries.append(seq, { entry, hashes });
    progress.edge = edge;
    return { seq, leaf };
  }

  /** The checkpoint goes into the same transaction: there is no moment at which the file has entries that none covers. */
  #signHead(edge: TreeEdge): Head {
    if (edge.size === this.#head.size) return this.#head;
    const root = edge.root();
    const note = this.#key.sign({ origin: this.#file.origin, size: edge.size, root });
    this.#file.tables.head.put(note);
    return { size: edge.size, root, note };
  }

  /** The lock keeps other writers out; somebody may have removed its file. */
  #requireOwnHead(): void {
    if (this.#file.tables.head.get() !== this.#head.note) throw new LedgerLockedError(this.#file.path);
  }

  /**
   * After a failed commit the file holds what it held before, or, where only the answer of the disk was lost, the whole
   * batch. Nobody else may have written.
   */
  #reload(failed: string | undefined): void {
    guarded(() => {
      const { head, edge } = loadEdge(this.#file, readHighWater(this.#file.path));
      if (head.note !== this.#head.note && head.note !== failed) throw new LedgerLockedError(this.#file.path);
      this.#edge = edge;
      this.#head = head;
    });
    this.#failed = undefined;
  }
}

function loadEdge(file: LedgerFile, mark: HighWater | undefined): { readonly head: Head; readonly edge: TreeEdge } {
  const head = checkHead(file, mark);
  return { head, edge: TreeEdge.load(head.size, file.tables.hashes.get) };
}

function idRow(id: CommandId): RowCodec<number> {
  return { key: () => fromHex(id), encode: seqBytes, decode: readSeq };
}

function stateRow({ path, entity }: StateKey<StateValue>): RowCodec<StateValue> {
  return { key: () => sha256(path), encode: (value) => entity.encode(value), decode: (word) => entity.decode(word) };
}

/** One time for a whole batch, read when it is first wanted. */
function timeOnce(clock: LedgerClock): () => number {
  let time: number | undefined;
  return () => (time ??= clock.now());
}
