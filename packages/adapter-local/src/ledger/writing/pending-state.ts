import type { ReadState, StateKey, StateValue, StateWrite } from '@medseal/protocol';
import { type KeyName, nameOfPath } from '../tail/key-name.ts';

interface Seen {
  readonly name: KeyName;
  readonly key: StateKey<StateValue>;
  value: StateValue | undefined;
  changed: boolean;
}

/** What a batch has read of state and changes in it: each object is looked up and decoded once. */
export class PendingState {
  readonly #find: (name: KeyName) => Uint8Array | undefined;
  readonly #seen = new Map<string, Seen>();

  /** @param find gives the word of an object as it was committed */
  constructor(find: (name: KeyName) => Uint8Array | undefined) {
    this.#find = find;
  }

  /** @throws LedgerCorruptError when what is stored is not what was written. */
  readonly read: ReadState = (key) => this.#look(key).value;

  write(writes: readonly StateWrite[]): void {
    for (const { key, value } of writes) {
      const seen = this.#look(key);
      seen.value = value;
      seen.changed = true;
    }
  }

  /** Words of the objects that are to be written. */
  *changes(): Generator<readonly [KeyName, Uint8Array]> {
    for (const { name, key, value, changed } of this.#seen.values())
      if (changed && value !== undefined) yield [name, key.entity.encode(value)];
  }

  #look(key: StateKey<StateValue>): Seen {
    const known = this.#seen.get(key.path);
    if (known !== undefined) return known;
    const name = nameOfPath(key.path);
    const word = this.#find(name);
    const seen = { name, key, value: word && key.entity.decode(word), changed: false };
    this.#seen.set(key.path, seen);
    return seen;
  }
}
