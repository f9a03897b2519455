import type { Tables } from '../database/tables.ts';
import { LedgerCorruptError } from '../errors.ts';
import { readSeq, seqBytes } from '../database/seq-bytes.ts';
import { type CommitChanges, decodeChanges } from './commit-changes.ts';
import { LaggingTable } from './lagging-table.ts';

const MANY = 100_000;

/** Ids and state of the whole log: tables, and what the commits that are not yet carried over change in them. */
export class Tail {
  readonly ids: LaggingTable<number>;
  readonly state: LaggingTable<Uint8Array>;
  readonly #tables: Pick<Tables, 'commits' | 'ids' | 'state'>;
  readonly #many: number;
  #size = -1;
  #carried = 0;

  /** @param many changes held from which on a reader, who carries nothing over, begins anew with those that are left */
  constructor(tables: Tables, many: number = MANY) {
    this.#many = many;
    const { ids, state } = tables;
    this.ids = new LaggingTable(ids, { encode: seqBytes, decode: readSeq });
    this.state = new LaggingTable(state, { encode: (word) => word, decode: (word) => word });
    this.#tables = tables;
  }

  /** Entries whose changes are in the tables. */
  get carried(): number {
    return this.#carried;
  }

  /** Changes held in memory. */
  get held(): number {
    return this.ids.held + this.state.held;
  }

  /** Nothing was taken in since the beginning, or since {@link forget}. */
  get isForgotten(): boolean {
    return this.#size < 0;
  }

  /** From now on nobody else writes: see `BlockTable.keep`. */
  keepBlocks(): void {
    this.#tables.ids.keep();
    this.#tables.state.keep();
  }

  /**
   * Takes in the commits up to the log of `size`, which is that of the file as it is read now.
   *
   * @throws LedgerCorruptError when one of them is gone or not what was written.
   */
  follow(size: number): void {
    if (size === this.#size) return;
    if (this.#size < 0 || this.held > this.#many || !this.#goOn(size)) this.#begin(size);
  }

  /** Takes in a commit that has just been made. */
  add(size: number, { carried, ids, state }: CommitChanges): void {
    for (const [name, seq] of ids) this.ids.put(name, seq);
    for (const [name, word] of state) this.state.put(name, word);
    this.#size = size;
    this.#carried = carried;
  }

  /** What is held may not be what is in the file: the next time it is read anew. */
  forget(): void {
    this.ids.clear();
    this.state.clear();
    this.#size = -1;
    this.#carried = 0;
  }

  /** From what is held: not possible when commits behind it were carried over, or the file is another. */
  #goOn(size: number): boolean {
    const from = this.#size;
    this.#take(from);
    return this.#size === size;
  }

  #begin(size: number): void {
    this.forget();
    const first = this.#take(-1);
    if (this.#size === size && first === this.#carried) return;
    const error = new LedgerCorruptError('commits are missing', { seq: this.#carried });
    // Else it would seem to have followed.
    this.forget();
    throw error;
  }

  /** Takes in commits behind a size, as long as each begins where the one before ends. Gives where the first begins. */
  #take(behind: number): number | undefined {
    let first: number | undefined;
    for (const { size, changes: stored } of this.#tables.commits.behind(behind)) {
      const changes = decodeChanges(size, stored);
      if (this.#size >= 0 && changes.from !== this.#size) return first;
      first ??= changes.from;
      this.add(size, changes);
    }
    return first;
  }
}
