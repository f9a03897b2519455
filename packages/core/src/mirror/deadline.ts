import { StoreUnavailableError } from '../errors/store-errors.ts';

/** Milliseconds, some 25 days. A timer that is to run longer, `Infinity` too, ends at once. */
export const LONGEST_TIMER: number = 2 ** 31 - 1;

/** Rejects with an outage when the work takes longer; what comes of it then is of no interest any more. */
export async function within<T>(milliseconds: number, work: Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(silent()), milliseconds);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Resolves after this time, or as soon as the signal aborts. */
export function pause(milliseconds: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted === true) {
      resolve();
      return;
    }
    const end = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, milliseconds);
    signal?.addEventListener('abort', end, { once: true });
  });
}

export function silent(): StoreUnavailableError {
  return new StoreUnavailableError('The copy does not answer in time');
}
