import { unlessAborted } from './abort.ts';

/** Runs work one after the other: joining a run that began before a call could miss what happened in between. */
export class Turns {
  #last: Promise<unknown> = Promise.resolve();

  /** Who aborts leaves the queue at once; what runs already goes on. */
  take(signal: AbortSignal | undefined, run: () => Promise<void>): Promise<void> {
    const done = this.#last.then(run);
    this.#last = done.catch(() => undefined);
    return unlessAborted(done, signal);
  }
}
