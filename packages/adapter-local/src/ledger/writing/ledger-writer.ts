import type { ReadState, StateWrite } from '@medseal/protocol';
import { checkHead, type LedgerFile } from '../database/ledger-file.ts';
import { type HighWater, readHighWater } from '../database/high-water.ts';
import { guarded } from '../database/sqlite-errors.ts';
import { writing } from '../database/transaction.ts';
import { LedgerLockedError } from '../errors.ts';
import type { Head } from '../reading/head.ts';
import { CarryOver } from '../tail/carry-over.ts';
import { catchUp } from '../tail/catch-up.ts';
import { type KeyName, nameOfPath } from '../tail/key-name.ts';
import { type CommitChanges, encodeChanges } from '../tail/commit-changes.ts';
import { Batch, type Intent, type Outcome } from './batch.ts';
import type { CheckpointKey } from './checkpoint-key.ts';
import type { LedgerClock } from './ledger-clock.ts';
import { RecentState } from './recent-state.ts';
import { TreeEdge } from './tree-edge.ts';

/** A commit that is to be made, or was. */
interface Written {
  readonly outcomes: readonly Outcome[];
  readonly head: Head;
  readonly edge: TreeEdge;
  /** None: all were refused, or known. */
  readonly changes: CommitChanges | undefined;
  readonly writes: readonly StateWrite[];
}

export interface WriterOptions {
  readonly key: CheckpointKey;
  readonly clock: LedgerClock;
  /** Changes of ids and state from which on they are carried over to their tables. */
  readonly carryOverFrom?: number | undefined;
}

/** The one writer of a ledger file: judges commands in order and appends them, a batch in one transaction. */
export class LedgerWriter {
  readonly #file: LedgerFile;
  readonly #key: CheckpointKey;
  readonly #clock: LedgerClock;
  readonly #recent: RecentState;
  readonly #carryOverFrom: number | undefined;
  #head: Head;
  #edge: TreeEdge;
  #carry: CarryOver;
  /** The checkpoint of a commit that failed: the file is looked at again before the next. */
  #failed: { readonly note: string | undefined } | undefined;

  constructor(file: LedgerFile, { key, clock, carryOverFrom }: WriterOptions) {
    this.#file = file;
    this.#key = key;
    this.#clock = clock;
    this.#carryOverFrom = carryOverFrom;
    const { head, edge } = guarded(() => loadEdge(file, undefined));
    this.#head = head;
    this.#edge = edge;
    this.#carry = new CarryOver(file.tail, carryOverFrom);
    if (this.#carry.isLate) this.#catchUp();
    this.#recent = new RecentState(file.tail.state);
  }

  get head(): Head {
    return this.#head;
  }

  /** A value as it was committed. */
  readonly readState: ReadState = (key) => this.#recent.read(key);

  /**
   * Judges all and writes what they change: one outcome each, in order. Durable once the log is synced; SQLite does that
   * in each commit unless somebody has told it not to (see `DurableCommits`).
   *
   * @throws LedgerUnavailableError, LedgerCorruptError: nothing of the batch was written.
   */
  commit(intents: readonly Intent[]): readonly Outcome[] {
    if (this.#failed !== undefined) this.#reload(this.#failed.note);
    let note: string | undefined;
    try {
      const written = writing(this.#file.database, () => {
        this.#requireOwnHead();
        const made = this.#write(intents);
        note = made.head.note;
        return made;
      });
      this.#committed(written);
      return written.outcomes;
    } catch (error) {
      this.#failed = { note };
      throw error;
    }
  }

  #write(intents: readonly Intent[]): Written {
    const { tables, tail } = this.#file;
    const batch = new Batch({
      findId: (name) => tail.ids.find(name),
      readState: this.#recent.read,
      edge: this.#edge,
      time: timeOnce(this.#clock),
    });
    const outcomes = intents.map((intent) => batch.settle(intent));
    const { edge } = batch;
    const from = this.#head.size;
    if (edge.size === from) return { outcomes, edge, head: this.#head, changes: undefined, writes: [] };
    tables.entries.append(from, batch.entries);
    const writes = batch.writes();
    const carried = this.#carry.step(batch.ids.size + writes.length);
    const changes = { from, carried, ids: batch.ids, state: wordsOf(writes) };
    const head = this.#sign(edge);
    tables.commits.put({ ...head, changes: encodeChanges(head.size, changes) });
    if (carried !== tail.carried) tables.commits.remove(carried);
    return { outcomes, edge, head, changes, writes };
  }

  /** The checkpoint goes into the same transaction: there is no moment at which the file has entries that none covers. */
  #sign(edge: TreeEdge): Head {
    const root = edge.root();
    const note = this.#key.sign({ origin: this.#file.origin, size: edge.size, root });
    return { size: edge.size, root, note };
  }

  #committed({ head, edge, changes, writes }: Written): void {
    if (changes === undefined) return;
    this.#head = head;
    this.#edge = edge;
    this.#file.tail.add(head.size, changes);
    this.#recent.changed(writes);
    this.#carry.committed(head.size);
  }

  /** Where it is refused, as by a full disk, the commits carry over what they can, or fail for the same reason. */
  #catchUp(): void {
    const { size } = this.#head;
    try {
      catchUp(this.#file, size);
    } catch {
      // All is as it was.
    }
    guarded(() => this.#file.tail.follow(size));
  }

  /** The lock keeps other writers out; somebody may have removed its file. */
  #requireOwnHead(): void {
    if (this.#file.tables.commits.note() !== this.#head.note) throw new LedgerLockedError(this.#file.path);
  }

  /**
   * After a failed commit the file holds what it held before, or, where only the answer of the disk was lost, the whole
   * batch. Nobody else may have written.
   */
  #reload(failed: string | undefined): void {
    guarded(() => {
      this.#recent.clear();
      this.#carry = new CarryOver(this.#file.tail, this.#carryOverFrom);
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
  // Not before the check: until then whoever looks for a command finds it in what is held.
  file.tail.forget();
  file.tail.keepBlocks();
  file.tail.follow(head.size);
  return { head, edge: TreeEdge.load(head.size, file.tables.hashes.get) };
}

function wordsOf(writes: readonly StateWrite[]): ReadonlyMap<KeyName, Uint8Array> {
  return new Map(writes.map(({ key, value }) => [nameOfPath(key.path), key.entity.encode(value)]));
}

/** One time for a whole batch, read when it is first wanted. */
function timeOnce(clock: LedgerClock): () => number {
  let time: number | undefined;
  return () => (time ??= clock.now());
}
