import type { ChainedTable, Found } from '../database/chained-table.ts';

/** How a value stands in a table. */
export interface RowCodec<V> {
  readonly key: () => Uint8Array;
  readonly encode: (value: V) => Uint8Array;
  readonly decode: (bytes: Uint8Array) => V;
}

interface Seen<V> {
  readonly key: Uint8Array;
  readonly found: Found;
  readonly codec: RowCodec<V>;
  value: V | undefined;
  changed: boolean;
}

/** What a batch has read of one table and writes to it at its end: each row is read, checked and written once. */
export class PendingRows<V> {
  readonly #table: ChainedTable;
  readonly #seen = new Map<string, Seen<V>>();

  constructor(table: ChainedTable) {
    this.#table = table;
  }

  /**
   * @param name is a name for the row's key, so that a key that was seen needs no bytes
   * @throws LedgerCorruptError when the row is not what was written
   */
  get(name: string, codec: RowCodec<V>): V | undefined {
    return this.#look(name, codec).value;
  }

  put(name: string, codec: RowCodec<V>, value: V): void {
    const seen = this.#look(name, codec);
    seen.value = value;
    seen.changed = true;
  }

  flush(): void {
    const changes = [];
    for (const { key, found, codec, value, changed } of this.#seen.values())
      if (changed && value !== undefined) changes.push({ key, found, value: codec.encode(value) });
    this.#table.write(changes);
  }

  #look(name: string, codec: RowCodec<V>): Seen<V> {
    const known = this.#seen.get(name);
    if (known !== undefined) return known;
    const key = codec.key();
    const found = this.#table.find(key);
    const value = 'row' in found ? codec.decode(found.row.value) : undefined;
    const seen = { key, found, codec, value, changed: false };
    this.#seen.set(name, seen);
    return seen;
  }
}
