/**
 * Work that leaves its caller free to go, however long the file system keeps silent, until it calls `commit`: that throws
 * the signal's reason where it has aborted, and hears it no more, since what follows cannot be called back. Work whose
 * caller has gone cleans up when the file system comes back.
 */
export async function abortableUntil<T>(
  signal: AbortSignal | undefined,
  work: (commit: () => void) => Promise<T>,
): Promise<T> {
  if (signal === undefined) return work(() => {});
  signal.throwIfAborted();
  return new Promise((resolve, reject) => {
    let committed = false;
    const stop = (): void => reject(signal.reason as Error);
    const commit = (): void => {
      if (!committed) signal.throwIfAborted();
      committed = true;
      signal.removeEventListener('abort', stop);
    };
    signal.addEventListener('abort', stop, { once: true });
    work(commit)
      .finally(() => signal.removeEventListener('abort', stop))
      .then(resolve, reject);
  });
}
