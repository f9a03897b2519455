import { LedgerUnavailableError } from '../errors/ledger-errors.ts';

interface Waiter {
  readonly wake: () => void;
  readonly fail: (reason: Error) => void;
}

export interface WaitOptions {
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds after which to wake in any case. */
  readonly timeout?: number | undefined;
}

/** `setTimeout` takes no more (2^31 - 1 ms); an hour also notices a clock that was set, or a computer that slept. */
const LONGEST_WAIT = 3_600_000;

/** One reading of a log's end, shared by all who wait there: it runs while somebody holds it. */
export class LogTail {
  readonly #read: (signal: AbortSignal) => Promise<void>;
  readonly #waiters = new Set<Waiter>();
  #reading: { readonly stop: AbortController; ended: { readonly reason: Error } | undefined } | undefined;
  #holders = 0;

  /** @param read reads on, calling `wake` for each entry, until its signal aborts. */
  constructor(read: (signal: AbortSignal) => Promise<void>) {
    this.#read = read;
  }

  /** Keeps the reading going until what it returns is called, once. A reading that has failed is begun again. */
  hold(): () => void {
    this.#holders += 1;
    if (this.#reading === undefined || this.#reading.ended !== undefined) this.#start();
    return () => {
      this.#holders -= 1;
      if (this.#holders > 0) return;
      this.#reading?.stop.abort();
      this.#reading = undefined;
    };
  }

  wake(): void {
    for (const { wake } of this.#waiters) wake();
  }

  /**
   * Resolves when something was read or the time is up; call it while holding.
   *
   * @throws the signal's reason, or what the reading failed with.
   */
  wait({ signal, timeout }: WaitOptions): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted === true) return reject(signal.reason as Error);
      if (this.#reading?.ended !== undefined) return reject(this.#reading.ended.reason);
      const settle = (then: () => void): void => {
        this.#waiters.delete(waiter);
        signal?.removeEventListener('abort', onAbort);
        clearTimeout(timer);
        then();
      };
      const waiter = {
        wake: () => settle(resolve),
        fail: (reason: Error) => settle(() => reject(reason)),
      };
      const onAbort = (): void => waiter.fail(signal?.reason as Error);
      const timer = timeout === undefined ? undefined : setTimeout(waiter.wake, Math.min(timeout, LONGEST_WAIT));
      signal?.addEventListener('abort', onAbort);
      this.#waiters.add(waiter);
    });
  }

  #start(): void {
    const reading = { stop: new AbortController(), ended: undefined as { readonly reason: Error } | undefined };
    this.#reading = reading;
    const end = (reason: Error): void => {
      if (this.#reading !== reading) return;
      reading.ended = { reason };
      for (const { fail } of this.#waiters) fail(reason);
    };
    this.#read(reading.stop.signal).then(() => end(new LedgerUnavailableError('The ledger was closed')), end);
  }
}
