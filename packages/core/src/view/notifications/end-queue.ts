import type { Address, Hex } from '@medseal/protocol';

/** The end, by time alone, of a grant or a request. */
export interface End {
  readonly type: 'grantExpired' | 'requestExpired';
  /** Place in the log of the entry that it was born with. */
  readonly index: number;
  /** The second of the end. */
  readonly until: number;
  readonly number: Hex;
  readonly patient: Address;
  readonly other: Address;
  /** It will not come: revoked, decided, or the keys are gone. */
  over: boolean;
}

/** Ends by their second; those of one second in the order of the log. A binary heap. */
export class EndQueue {
  readonly #heap: End[] = [];

  push(end: End): void {
    const heap = this.#heap;
    let at = heap.push(end) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!this.#swapUnlessOrdered(parent, at)) return;
      at = parent;
    }
  }

  /** The next one that is not over. */
  peek(): End | undefined {
    while (this.#heap[0]?.over === true) this.pop();
    return this.#heap[0];
  }

  /** Takes the first one out. */
  pop(): void {
    const heap = this.#heap;
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return;
    heap[0] = last;
    let at = 0;
    for (;;) {
      const [left, right] = [2 * at + 1, 2 * at + 2];
      const lesser = this.#before(right, left) ? right : left;
      if (!this.#swapUnlessOrdered(at, lesser)) return;
      at = lesser;
    }
  }

  #swapUnlessOrdered(parent: number, child: number): boolean {
    const [above, below] = [this.#heap[parent], this.#heap[child]];
    if (above === undefined || below === undefined || !this.#before(child, parent)) return false;
    this.#heap[parent] = below;
    this.#heap[child] = above;
    return true;
  }

  #before(a: number, b: number): boolean {
    const [first, second] = [this.#heap[a], this.#heap[b]];
    if (first === undefined || second === undefined) return false;
    return first.until < second.until || (first.until === second.until && first.index < second.index);
  }
}
