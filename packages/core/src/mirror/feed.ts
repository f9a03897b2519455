/** Pieces on their way to one copy, which takes them at its own pace. */
export class Feed {
  readonly #pieces: Uint8Array[] = [];
  readonly #slack: number;
  #bytes = 0;
  #ended = false;
  #taken = false;
  #failure: { readonly error: unknown } | undefined;
  #changed = Promise.withResolvers<void>();

  /** @param slack bytes that may wait */
  constructor(slack: number) {
    this.#slack = slack;
  }

  get hasRoom(): boolean {
    return this.#bytes <= this.#slack || this.#failure !== undefined;
  }

  /** Pieces that the copy has not taken. */
  get waiting(): number {
    return this.#pieces.length;
  }

  /** Whether the copy has been given everything and its end: from then on it may keep the object. */
  get taken(): boolean {
    return this.#taken;
  }

  /** Resolves at the next change: a piece was taken or given, the end, a failure. */
  get changed(): Promise<void> {
    return this.#changed.promise;
  }

  async room(): Promise<void> {
    while (!this.hasRoom) await this.changed;
  }

  push(piece: Uint8Array): void {
    this.#pieces.push(piece);
    this.#bytes += piece.length;
    this.#change();
  }

  end(): void {
    this.#ended = true;
    this.#change();
  }

  /** The copy's stream throws this; what waits is given up. */
  fail(error: unknown): void {
    this.#failure ??= { error };
    this.#pieces.length = 0;
    this.#bytes = 0;
    this.#change();
  }

  async *stream(): AsyncGenerator<Uint8Array> {
    for (;;) {
      if (this.#failure !== undefined) throw this.#failure.error;
      const piece = this.#pieces.shift();
      if (piece !== undefined) {
        this.#bytes -= piece.length;
        this.#change();
        yield piece;
      } else if (this.#ended) {
        this.#taken = true;
        return;
      } else await this.changed;
    }
  }

  #change(): void {
    const { resolve } = this.#changed;
    this.#changed = Promise.withResolvers<void>();
    resolve();
  }
}
