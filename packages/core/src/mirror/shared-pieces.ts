import { bufferPool } from '../lib/buffer-pool.ts';

/** Copies of pieces that several hold at the same time. The memory of one that all have given back holds a later one. */
export class SharedPieces {
  readonly #pool = bufferPool();
  readonly #holders = new WeakMap<Uint8Array, number>();

  /** The same bytes in memory of their own. */
  copy(piece: Uint8Array): Uint8Array {
    const own = this.#pool.take(piece.length);
    own.set(piece);
    return own;
  }

  /** So many are given it now. */
  share(own: Uint8Array, holders: number): void {
    this.#holders.set(own, holders);
  }

  /** One of them has done with it. Who never says so may look at it for ever. */
  readonly giveBack = (own: Uint8Array): void => {
    const left = (this.#holders.get(own) ?? 0) - 1;
    this.#holders.set(own, left);
    if (left === 0) this.#pool.give(own);
  };
}
