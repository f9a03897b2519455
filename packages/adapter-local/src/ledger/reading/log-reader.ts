import type { LedgerEntry, Receipt } from '@medseal/core/adapter';
import { LedgerRewrittenError, UnknownSubmissionError } from '@medseal/core/adapter';
import { type CommandId, decodeEntry } from '@medseal/protocol';
import { KEY } from '../database/block.ts';
import type { LedgerFile } from '../database/ledger-file.ts';
import { syncUnacknowledged } from '../database/sync-log.ts';
import { inTransaction } from '../database/transaction.ts';
import { LedgerCorruptError } from '../errors.ts';
import { nameOfId } from '../tail/key-name.ts';
import { BATCH, type CheckedEntry, checkedBatch, checkedEntry } from './checked-entries.ts';
import { checkPlace, cursorOf, type Place } from './cursor.ts';
import type { Head } from './head.ts';

/** From how many entries on a whole batch is read, rather than each by its own path. */
const FEW = 8;

/** Reads the log, checking all that it reads against the signed checkpoint. */
export class LogReader {
  readonly #file: LedgerFile;
  /** The last that was read. */
  #head: Head | undefined;
  /** In the process that writes, the last that is durable. */
  #released: Head | undefined;

  constructor(file: LedgerFile) {
    this.#file = file;
  }

  /** @throws LedgerCorruptError, LedgerUnavailableError */
  head(): Head {
    return this.#read((head) => head);
  }

  /** The last checkpoint, with the cosignatures that it has. */
  checkpoint(): Head {
    return this.#read((head) => ({ ...head, note: this.#file.tables.cosigned.get(head.size) ?? head.note }));
  }

  /** From now on the log is read as far as this head, which the caller made, until it releases another. */
  release(head: Head): void {
    this.#released = head;
  }

  /** Some entries from `seq` on, at most a batch, none at the end; all checked. */
  some(seq: number, limit: number = Number.POSITIVE_INFINITY): readonly LedgerEntry[] {
    return this.#read((head) => {
      const end = Math.min(head.size, limit, seq - (seq % BATCH) + BATCH);
      if (seq >= end) return [];
      if (end - seq < FEW)
        return Array.from({ length: end - seq }, (_, i) => asEntry(checkedEntry(this.#file.tables, head, seq + i)));
      return checkedBatch(this.#file.tables, head, seq - (seq % BATCH))
        .slice(seq % BATCH, (seq % BATCH) + end - seq)
        .map(asEntry);
    });
  }

  entry(seq: number): LedgerEntry {
    return this.#read((head) => asEntry(checkedEntry(this.#file.tables, head, seq)));
  }

  /** The last entry, if there is one. */
  last(): LedgerEntry | undefined {
    return this.#read((head) =>
      head.size === 0 ? undefined : asEntry(checkedEntry(this.#file.tables, head, head.size - 1)),
    );
  }

  /** Number of the entry behind a place. @throws LedgerRewrittenError when the log does not hold what stood there. */
  behind(place: Place): number {
    return this.#read((head) => {
      if (place.seq >= head.size) throw new LedgerRewrittenError('The log ends before the entry of the cursor');
      checkPlace(place, checkedEntry(this.#file.tables, head, place.seq).leaf);
      return place.seq + 1;
    });
  }

  /** Where the log holds a command first. */
  find(id: CommandId): number | undefined {
    const name = nameOfId(id);
    if (name.length !== KEY) return undefined;
    return this.#read((head) => {
      const { tail, tables, openCheckpoint } = this.#file;
      // Who writes has all that was committed, perhaps more than was released; unless a commit failed, and reading it anew.
      if (this.#released === undefined) tail.follow(head.size);
      else if (tail.isForgotten) tail.follow(openCheckpoint(tables.commits.note()).size);
      const seq = tail.ids.find(name);
      if (seq === undefined || seq < head.size) return seq;
      if (this.#released === undefined) throw new LedgerCorruptError('an id has no entry', { seq });
      return undefined;
    });
  }

  /** @throws UnknownSubmissionError when the log does not hold the command. */
  receipt(id: CommandId): Receipt {
    const seq = this.find(id);
    if (seq === undefined) throw new UnknownSubmissionError(id);
    const { cursor, time, violation } = this.entry(seq);
    return { id, cursor, time, violation };
  }

  /** Runs on one state of the file. */
  #read<T>(use: (head: Head) => T): T {
    return inTransaction(this.#file.database, () => use(this.#released ?? this.#stored()));
  }

  #stored(): Head {
    const { path, tables, openCheckpoint } = this.#file;
    const note = tables.commits.note();
    if (this.#head?.note !== note) {
      const head = openCheckpoint(note);
      syncUnacknowledged(path, head.size);
      this.#head = head;
    }
    return this.#head;
  }
}

function asEntry({ seq, bytes, leaf }: CheckedEntry): LedgerEntry {
  return { cursor: cursorOf(seq, leaf), ...decodeEntry(bytes) };
}
