import type { Receipt } from '@medseal/core/adapter';
import {
  type CommandId,
  encodeEntry,
  judge,
  type LedgerCode,
  type ReadState,
  type StateWrite,
  type VerifiedCommand,
} from '@medseal/protocol';
import type { StoredEntry } from '../database/entry-table.ts';
import { leafHash } from '../database/tree-hash.ts';
import { cursorOf } from '../reading/cursor.ts';
import { type KeyName, nameOfId } from '../tail/key-name.ts';
import { PendingState } from './pending-state.ts';
import type { TreeEdge } from './tree-edge.ts';

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

export interface BatchParts {
  /** Where the log holds a command. */
  readonly findId: (name: KeyName) => number | undefined;
  /** State as it was committed. */
  readonly readState: ReadState;
  readonly edge: TreeEdge;
  /** Ledger time, one for the whole batch. */
  readonly time: () => number;
}

/** Judges commands in order, each on what those before it changed. */
export class Batch {
  readonly #parts: BatchParts;
  readonly #state: PendingState;
  readonly #ids = new Map<KeyName, number>();
  readonly #entries: StoredEntry[] = [];
  #edge: TreeEdge;

  constructor(parts: BatchParts) {
    this.#parts = parts;
    this.#edge = parts.edge;
    this.#state = new PendingState(parts.readState);
  }

  /** The edge of the tree with the entries of this batch. */
  get edge(): TreeEdge {
    return this.#edge;
  }

  /** What the batch appends to the log. */
  get entries(): readonly StoredEntry[] {
    return this.#entries;
  }

  get ids(): ReadonlyMap<KeyName, number> {
    return this.#ids;
  }

  /** One write for each object of state that the batch changes. */
  writes(): readonly StateWrite[] {
    return this.#state.writes();
  }

  settle({ verified, wire, repeat }: Intent): Outcome {
    const { id } = verified;
    const name = nameOfId(id);
    const known = this.#ids.get(name) ?? this.#parts.findId(name);
    if (known !== undefined && repeat !== true) return { kind: 'known', id, seq: known };
    let time: number;
    try {
      time = this.#parts.time();
    } catch (error) {
      return { kind: 'failed', error };
    }
    const verdict = judge(verified, time, this.#state.read);
    if (verdict.outcome === 'rejected') return { kind: 'rejected', code: verdict.code };
    const violation = verdict.outcome === 'violation' ? verdict.code : undefined;
    if (verdict.outcome === 'applied') this.#state.write(verdict.writes);
    const { seq, leaf } = this.#append(encodeEntry({ time, wire, violation }));
    if (known === undefined) this.#ids.set(name, seq);
    return { kind: 'appended', receipt: { id, cursor: cursorOf(seq, leaf), time, violation } };
  }

  #append(entry: Uint8Array): { readonly seq: number; readonly leaf: Uint8Array } {
    const seq = this.#edge.size;
    const leaf = leafHash(entry);
    const { edge, hashes } = this.#edge.append(leaf);
    this.#entries.push({ entry, hashes });
    this.#edge = edge;
    return { seq, leaf };
  }
}
