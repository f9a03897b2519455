import { MedsealError } from '@medseal/protocol';

/** The adapter does not offer this; its `supports` says so beforehand. */
export class UnsupportedError extends MedsealError {
  readonly name = 'UnsupportedError';
  readonly code = 'UNSUPPORTED';
  readonly retryable = false;
}
