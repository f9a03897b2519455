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

/** The store says that it keeps something else than it was given. */
export class UnfaithfulStoreError extends MedsealError {
  readonly name = 'UnfaithfulStoreError';
  readonly code = 'UNFAITHFUL_STORE';
  readonly retryable = false;
}
