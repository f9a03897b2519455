import { ConformanceError } from './conformance-error.ts';
import { contains, equal } from './equal.ts';
import { show } from './show.ts';

// Every one of these throws a ConformanceError that names the demand, what was expected and what was seen.

export function expectTrue(holds: boolean, demand: string, seen: unknown = holds): void {
  if (!holds) throw new ConformanceError(demand, 'that it holds', show(seen));
}

/** Compares plain values and bytes in depth. */
export function expectEqual(seen: unknown, expected: unknown, demand: string): void {
  if (!equal(seen, expected)) throw new ConformanceError(demand, show(expected), show(seen));
}

/** Every field of `expected` must be there with that value; others may be. */
export function expectMatch(seen: unknown, expected: object, demand: string): void {
  if (!contains(seen, expected)) throw new ConformanceError(demand, show(expected), show(seen));
}

/**
 * The promise must reject: with this very error where `expected` is one, otherwise with an error of these fields.
 * Errors are told by `name` and `code`, not by class: the adapter may have a copy of a package of its own.
 */
export async function expectRejection(promise: Promise<unknown>, expected: object, demand: string): Promise<unknown> {
  const outcome = await promise.then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  );
  if (!('error' in outcome))
    throw new ConformanceError(demand, show(expected), `no failure but ${show(outcome.value)}`);
  const { error } = outcome;
  const meant = expected instanceof Error ? error === expected : contains(error, expected);
  if (!meant) throw new ConformanceError(demand, show(expected), show(error), { cause: error });
  return error;
}

/** Settles as the promise does. @throws ConformanceError when that takes longer. */
export async function within<T>(
  milliseconds: number,
  promise: Promise<T>,
  demand: string,
  signal?: AbortSignal,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const late = (): void => reject(new ConformanceError(demand, `an end within ${milliseconds} ms`, 'none'));
    const timer = setTimeout(late, milliseconds);
    const stop = (): void => reject(signal?.reason as Error);
    signal?.addEventListener('abort', stop, { once: true });
    const end = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', stop);
    };
    promise.finally(end).then(resolve, reject);
  });
}
