import type { ReadState, StateValue, StateWrite } from '@medseal/protocol';
import { nameOfPath } from '../tail/key-name.ts';
import type { LaggingTable } from '../tail/lagging-table.ts';

/** Objects that are held in each of two generations. */
const MOST = 2_048;

/** State as it was committed, the objects that were read last decoded: most commands are about few people. */
export class RecentState {
  readonly #table: LaggingTable<Uint8Array>;
  #young = new Map<string, StateValue | undefined>();
  #old = new Map<string, StateValue | undefined>();

  constructor(table: LaggingTable<Uint8Array>) {
    this.#table = table;
  }

  /** @throws LedgerCorruptError when what is stored is not what was written. */
  readonly read: ReadState = (key) => {
    const { path, entity } = key;
    const known = this.#young.get(path) ?? this.#old.get(path);
    if (known !== undefined) return known;
    if (this.#young.has(path) || this.#old.has(path)) return undefined;
    const word = this.#table.find(nameOfPath(path));
    const value = word && entity.decode(word);
    this.#hold(path, value);
    return value;
  };

  /** What a commit changed. */
  changed(writes: Iterable<StateWrite>): void {
    for (const { key, value } of writes) this.#hold(key.path, value);
  }

  clear(): void {
    this.#young.clear();
    this.#old.clear();
  }

  #hold(path: string, value: StateValue | undefined): void {
    this.#young.set(path, value);
    if (this.#young.size < MOST) return;
    this.#old = this.#young;
    this.#young = new Map();
  }
}
