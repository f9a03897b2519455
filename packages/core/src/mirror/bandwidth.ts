import { pause } from './deadline.ts';

/** A line of so many bytes a second, shared by all who send over it. */
export class Bandwidth {
  readonly #bytesPerSecond: number;
  /** When the line has sent all that it took, by `performance.now()`. */
  #freeAt = 0;

  constructor(bytesPerSecond: number) {
    this.#bytesPerSecond = bytesPerSecond;
  }

  /** The same pieces, none handed on before there was time to send it. */
  async *pace(source: AsyncIterable<Uint8Array>, signal?: AbortSignal): AsyncGenerator<Uint8Array> {
    for await (const piece of source) {
      const now = performance.now();
      this.#freeAt = Math.max(now, this.#freeAt) + (piece.length / this.#bytesPerSecond) * 1000;
      if (this.#freeAt > now) await pause(this.#freeAt - now, signal);
      signal?.throwIfAborted();
      yield piece;
    }
  }
}
