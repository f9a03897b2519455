import type { Hex } from '@medseal/protocol';

/** Calls that a copy has been given and that may still take effect, by object. */
export class UnderWay {
  readonly #calls = new Map<Hex, Promise<unknown>>();

  /** @param call ends, well or badly, when it takes effect no more. */
  add(digest: Hex, call: Promise<unknown>): void {
    const all = Promise.allSettled([this.#calls.get(digest), call]);
    this.#calls.set(digest, all);
    void all.finally(() => {
      if (this.#calls.get(digest) === all) this.#calls.delete(digest);
    });
  }

  has(digest: Hex): boolean {
    return this.#calls.has(digest);
  }

  /** Resolves when nothing is on its way any more. */
  async ended(digest: Hex): Promise<void> {
    for (let all = this.#calls.get(digest); all !== undefined; all = this.#calls.get(digest)) await all;
  }
}
