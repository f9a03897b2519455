/** Those who wait outside, in order, while there is no room inside. */
export class WaitingRoom {
  readonly #isFull: () => boolean;
  readonly #waiting = new Set<() => void>();

  /** @param isFull whether there is no room inside */
  constructor(isFull: () => boolean) {
    this.#isFull = isFull;
  }

  get isEmpty(): boolean {
    return this.#waiting.size === 0;
  }

  /** Resolves when there may be room. */
  wait(signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      const enter = (): void => {
        this.#waiting.delete(enter);
        signal?.removeEventListener('abort', stop);
        resolve();
      };
      const stop = (): void => {
        this.#waiting.delete(enter);
        this.letIn();
        reject(signal?.reason as Error);
      };
      this.#waiting.add(enter);
      signal?.addEventListener('abort', stop);
    });
  }

  /** Lets the first in, if there is room. To be called for each who leaves. */
  letIn(): void {
    const [enter] = this.#waiting;
    if (!this.#isFull()) enter?.();
  }

  letAllIn(): void {
    for (const enter of this.#waiting) enter();
  }
}
