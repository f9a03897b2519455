import type { DatabaseSync } from 'node:sqlite';

/** Tells those who follow the log that there may be more of it. */
export class Changes {
  readonly #waiting = new Set<() => void>();
  readonly #watch: (() => Disposable) | undefined;
  #watcher: Disposable | undefined;

  /** @param watch begins to call `notify` by itself; used while somebody waits */
  constructor(watch?: (notify: () => void) => Disposable) {
    this.#watch = watch && (() => watch(() => this.notify()));
  }

  notify(): void {
    for (const wake of this.#waiting) wake();
  }

  /** Resolves at the next change, rejects when the signal aborts. */
  next(signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      const end = (settle: () => void) => (): void => {
        this.#waiting.delete(wake);
        signal?.removeEventListener('abort', stop);
        if (this.#waiting.size === 0) this.#unwatch();
        settle();
      };
      const wake = end(resolve);
      const stop = end(() => reject(signal?.reason as Error));
      this.#waiting.add(wake);
      signal?.addEventListener('abort', stop);
      this.#watcher ??= this.#watch?.();
    });
  }

  #unwatch(): void {
    this.#watcher?.[Symbol.dispose]();
    this.#watcher = undefined;
  }
}

/** Looks at intervals whether another connection has committed since `seen` was read. */
export function pollCommits(
  database: DatabaseSync,
  interval: number,
  seen: () => number,
): (notify: () => void) => Disposable {
  return (notify) => {
    const timer = setInterval(() => {
      if (dataVersion(database) !== seen()) notify();
    }, interval);
    return { [Symbol.dispose]: () => clearInterval(timer) };
  };
}

/** Changes when another connection commits (PRAGMA data_version). */
export function dataVersion(database: DatabaseSync): number {
  try {
    return Number(database.prepare('PRAGMA data_version').get()?.['data_version']);
  } catch {
    return Number.NaN; // Whoever reads next will hear of it.
  }
}
