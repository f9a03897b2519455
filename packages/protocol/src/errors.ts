/**
 * Base of all errors of medseal. Identify one by its `name` and `code`, which are part of the API;
 * messages are not. `instanceof` fails across two copies of a package: use {@link isMedsealError}.
 */
export abstract class MedsealError extends Error {
  /** Brand that survives several copies of the library in one process. */
  readonly medseal = true;
  abstract override readonly name: string;
  abstract readonly code: string;
  /** The same call may succeed later: an outage or a race, not a refusal. */
  abstract readonly retryable: boolean;
}

export function isMedsealError(error: unknown): error is MedsealError {
  return error instanceof Error && 'medseal' in error && error.medseal === true;
}
