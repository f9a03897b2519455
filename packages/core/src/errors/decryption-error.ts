import { MedsealError } from '@medseal/protocol';

/** The one failure of every opening. It has no cause: which check failed would help only an attacker (RFC 7516, 11.5). */
export class DecryptionError extends MedsealError {
  readonly name = 'DecryptionError';
  readonly code = 'DECRYPTION_FAILED';
  readonly retryable = false;

  constructor() {
    super('The key does not open this object');
  }
}
