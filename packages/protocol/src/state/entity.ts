import type { Hex } from '../encode/bytes.ts';

/** One kind of state object. `encode` gives the 32-byte word that every ledger stores. */
export interface Entity<V> {
  readonly name: string;
  encode(value: V): Uint8Array;
  decode(word: Uint8Array): V;
}

/** Address of one state object: `name/part/part`. */
export interface StateKey<V> {
  readonly entity: Entity<V>;
  readonly path: string;
}

export interface Write<V> {
  readonly key: StateKey<V>;
  readonly value: V;
}

export function stateKey<V>(entity: Entity<V>, ...parts: Hex[]): StateKey<V> {
  return { entity, path: [entity.name, ...parts].join('/') };
}
