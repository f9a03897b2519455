/** What goes on behind calls that have answered. Its failures are of no interest here. */
export class Background {
  readonly #works = new Set<Promise<void>>();

  get busy(): boolean {
    return this.#works.size > 0;
  }

  follow(work: Promise<unknown>): void {
    const followed: Promise<void> = Promise.allSettled([work]).then(() => void this.#works.delete(followed));
    this.#works.add(followed);
  }

  /** Resolves when nothing goes on, and nothing that came of it. */
  async ended(): Promise<void> {
    while (this.busy) await Promise.all(this.#works);
  }
}
