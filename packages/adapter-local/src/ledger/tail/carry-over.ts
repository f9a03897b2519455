import type { Change } from '../database/block.ts';
import type { LaggingTable } from './lagging-table.ts';
import type { Tail } from './tail.ts';

/** Changes from which on they are carried over. Decision 21 says how many opening a ledger then reads. */
const ENOUGH = 16_384;
/** Changes carried over for each that a commit adds: more than one, so that a pass is done before as many have come again. */
const PACE = 1.5;

/** The changes of one table, and how many of them are done. */
interface Part {
  readonly table: Pick<LaggingTable<unknown>, 'write'>;
  readonly changes: readonly Change[];
  done: number;
}

interface Pass {
  /** Entries of the log when it began. */
  readonly size: number;
  readonly parts: readonly Part[];
}

/**
 * Carries changes over to the blocks of their tables, in the order of their keys, so that each block is written once for
 * all its changes. A little at a time, in the transactions of the commits: no commit waits for long, and none costs a sync
 * more. What a crash leaves half done is done again, with the same values.
 */
export class CarryOver {
  readonly #tail: Tail;
  readonly #enough: number;
  #pass: Pass | undefined;

  constructor(tail: Tail, enough: number = ENOUGH) {
    this.#tail = tail;
    this.#enough = enough;
  }

  /** More is held than a writer leaves that finishes its passes: see `catchUp`. */
  get isLate(): boolean {
    return this.#tail.held > 2 * this.#enough;
  }

  /** Inside a transaction that adds so many changes. Gives the entries whose changes are then carried over. */
  step(added: number): number {
    const pass = this.#pass;
    if (pass === undefined) return this.#tail.carried;
    let left = PACE * added;
    for (const part of pass.parts)
      while (left > 0 && part.done < part.changes.length) {
        const done = part.table.write(part.changes, part.done);
        left -= done - part.done;
        part.done = done;
      }
    return pass.parts.every(({ changes, done }) => done === changes.length) ? pass.size : this.#tail.carried;
  }

  /** After the transaction was committed, and the tail of `size` entries has its changes. */
  committed(size: number): void {
    const { ids, state, carried } = this.#tail;
    if (this.#pass !== undefined && this.#pass.size <= carried) {
      this.#pass = undefined;
      ids.forget();
      state.forget();
    }
    if (this.#pass === undefined && this.#tail.held >= this.#enough)
      this.#pass = { size, parts: [ids, state].map((table) => ({ table, changes: table.changes(), done: 0 })) };
  }
}
