import { MedsealError } from '@medseal/protocol';

/** The proof does not begin where the witness is: make it from `size`, and ask again. */
export class WitnessConflictError extends MedsealError {
  readonly name = 'WitnessConflictError';
  readonly code = 'WITNESS_CONFLICT';
  readonly retryable = true;
  /** Size of the last checkpoint that the witness cosigned, 0 for none. */
  readonly size: number;

  constructor(size: number) {
    super(`The witness has cosigned the log up to ${size} entries`);
    this.size = size;
  }
}
