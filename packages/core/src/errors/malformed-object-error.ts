import { MedsealError } from '@medseal/protocol';

/** Bytes that are not the one canonical encoding of the object asked for. Names the field at fault, never its value. */
export class MalformedObjectError extends MedsealError {
  readonly name = 'MalformedObjectError';
  readonly code = 'MALFORMED_OBJECT';
  readonly retryable = false;
  readonly object: string;
  readonly field: string;

  constructor(object: string, field: string, what: string, options?: ErrorOptions) {
    super(`Malformed ${object}: ${field} ${what}`, options);
    this.object = object;
    this.field = field;
  }
}
