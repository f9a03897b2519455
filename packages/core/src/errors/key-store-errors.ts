import { MedsealError } from '@medseal/protocol';

/** The subject has keys in this key store already. Keys are never overwritten. */
export class KeysExistError extends MedsealError {
  readonly name = 'KeysExistError';
  readonly code = 'KEYS_EXIST';
  readonly retryable = false;

  constructor() {
    super('The key store holds keys of this subject already');
  }
}
