/** @throws the signal's reason when it has been aborted. */
export function throwIfAborted(signal: AbortSignal | undefined): void {
  signal?.throwIfAborted();
}

/** Rejects with the signal's reason as soon as it aborts, however long the work goes on, which others may wait for. */
export async function unlessAborted<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return work;
  let stop = (): void => {};
  const aborted = new Promise<never>((_, reject) => {
    stop = () => reject(signal.reason as Error);
    signal.addEventListener('abort', stop, { once: true });
    if (signal.aborted) stop();
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

/** The same stream, ended with the signal's reason as soon as it is aborted, also while its source keeps silent. */
export async function* abortable<T>(source: AsyncIterable<T>, signal: AbortSignal | undefined): AsyncGenerator<T> {
  if (signal === undefined) {
    yield* source;
    return;
  }
  signal.throwIfAborted();
  const iterator = source[Symbol.asyncIterator]();
  let fail: (reason: unknown) => void = () => {};
  const onAbort = (): void => fail(signal.reason);
  signal.addEventListener('abort', onAbort, { once: true });
  let ended = false;
  try {
    for (;;) {
      // Not Promise.race with one promise for the signal: that promise would keep every piece until the end.
      const next = await new Promise<IteratorResult<T, unknown>>((resolve, reject) => {
        fail = reject;
        iterator.next().then(resolve, reject);
      });
      ended = next.done === true;
      if (next.done === true) return;
      yield next.value;
      signal.throwIfAborted();
    }
  } finally {
    signal.removeEventListener('abort', onAbort);
    // Not awaited: a source that hangs in `next` would hang here too, and its own failure is no longer of interest.
    if (!ended) iterator.return?.().catch(() => {});
  }
}
