import type { Hex } from '../encode/bytes.ts';

/** One kind of state object. `encode` gives the 32-byte word that every ledger stores. */
export interface Entity<V> {
  readonly name: string;
  encode(value: V): Uint8Array;
  decode(word: Uint8Array): V;
}

/** Address of one state object: `name/part` or `name/part/part`. */
export interface StateKey<V> {
  readonly entity: Entity<V>;
  readonly path: string;
}

export interface Write<V> {
  readonly key: StateKey<V>;
  readonly value: V;
}

export function stateKey<V>(entity: Entity<V>, first: Hex, second?: Hex): StateKey<V> {
  // Joined, for text that is put together bit by bit stays a rope in the engine, and maps of the state keep very many.
  const parts = second === undefined ? [entity.name, first] : [entity.name, first, second];
  return { entity, path: parts.join('/') };
}
