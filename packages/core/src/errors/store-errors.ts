import { MedsealError } from '@medseal/protocol';

/** The object is not there. Never thrown for an outage. */
export class AbsentError extends MedsealError {
  readonly name = 'AbsentError';
  readonly code = 'ABSENT';
  readonly retryable = false;
}

/** The store or directory does not answer. Says nothing about whether the object exists. */
export class StoreUnavailableError extends MedsealError {
  readonly name = 'StoreUnavailableError';
  readonly code = 'STORE_UNAVAILABLE';
  readonly retryable = true;
}
