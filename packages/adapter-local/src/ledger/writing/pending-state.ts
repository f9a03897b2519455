import type { ReadState, StateValue, StateWrite } from '@medseal/protocol';

/** State as a batch sees it: what the commands before changed, over what was committed. */
export class PendingState {
  readonly #committed: ReadState;
  readonly #writes = new Map<string, StateWrite>();

  constructor(committed: ReadState) {
    this.#committed = committed;
  }

  readonly read: ReadState = (key): StateValue | undefined => this.#writes.get(key.path)?.value ?? this.#committed(key);

  write(writes: readonly StateWrite[]): void {
    for (const write of writes) this.#writes.set(write.key.path, write);
  }

  /** One write for each object that is changed. */
  writes(): readonly StateWrite[] {
    return [...this.#writes.values()];
  }
}
