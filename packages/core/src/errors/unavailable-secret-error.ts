import { MedsealError } from '@medseal/protocol';

/** What a configuration refers to as a secret is not there, or not kept as a secret should be. Never holds the secret. */
export class UnavailableSecretError extends MedsealError {
  readonly name = 'UnavailableSecretError';
  readonly code = 'SECRET_UNAVAILABLE';
  readonly retryable = false;
}
