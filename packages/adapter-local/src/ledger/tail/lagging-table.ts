import { type Change, KEY } from '../database/block.ts';
import type { BlockTable } from '../database/block-table.ts';
import { keyOf, type KeyName, writeName } from './key-name.ts';

/** How a value stands in a table. */
export interface ValueCodec<V> {
  readonly encode: (value: V) => Uint8Array;
  readonly decode: (bytes: Uint8Array) => V;
}

/** The key that is looked for, in memory that is used again. */
const wanted = Buffer.alloc(KEY);

/**
 * A table that follows behind the log: what the last commits changed is held in memory, over the blocks on the disk, until
 * much of it is carried over at once. Scattered keys would else cost each commit a page a command.
 */
export class LaggingTable<V> {
  readonly #blocks: BlockTable;
  readonly #codec: ValueCodec<V>;
  #recent = new Map<KeyName, V>();
  /** Being carried over, no longer changed. */
  #older = new Map<KeyName, V>();

  constructor(blocks: BlockTable, codec: ValueCodec<V>) {
    this.#blocks = blocks;
    this.#codec = codec;
  }

  /** Changes that are held. */
  get held(): number {
    return this.#recent.size + this.#older.size;
  }

  /** @throws LedgerCorruptError when what is stored is not what was written. */
  find(name: KeyName): V | undefined {
    const held = this.#recent.get(name) ?? this.#older.get(name);
    if (held !== undefined) return held;
    writeName(name, wanted, 0);
    const stored = this.#blocks.find(wanted);
    return stored && this.#codec.decode(stored);
  }

  put(name: KeyName, value: V): void {
    this.#recent.set(name, value);
  }

  clear(): void {
    this.#recent.clear();
    this.#older.clear();
  }

  /** All changes held, in the order of their keys. They stay in force until {@link forget}. */
  changes(): readonly Change[] {
    this.#older = this.#allHeld();
    this.#recent = new Map();
    return this.#inOrder(this.#older);
  }

  /** The changes that were given last are in the blocks. */
  forget(): void {
    this.#older = new Map();
  }

  /** {@link BlockTable.write} */
  write(changes: readonly Change[], start: number): number {
    return this.#blocks.write(changes, start);
  }

  /** All keys and values in the order of the keys. */
  *all(): Generator<readonly [key: Uint8Array, value: Uint8Array]> {
    const held = this.#inOrder(this.#allHeld());
    let next = 0;
    for (const [key, value] of this.#blocks.all()) {
      let change = held[next];
      for (; change !== undefined && Buffer.compare(change.key, key) < 0; change = held[++next])
        yield [change.key, change.value];
      if (change !== undefined && Buffer.compare(change.key, key) === 0) continue;
      yield [key, value];
    }
    for (const { key, value } of held.slice(next)) yield [key, value];
  }

  #allHeld(): Map<KeyName, V> {
    return this.#older.size === 0 ? this.#recent : new Map([...this.#older, ...this.#recent]);
  }

  #inOrder(changes: ReadonlyMap<KeyName, V>): readonly Change[] {
    return [...changes.keys()].toSorted().map((name) => this.#change(name, changes.get(name)));
  }

  #change(name: KeyName, value: V | undefined): Change {
    if (value === undefined) throw new TypeError('A key without a change');
    return { key: keyOf(name), value: this.#codec.encode(value) };
  }
}
