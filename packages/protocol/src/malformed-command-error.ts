import { MedsealError } from './errors.ts';

/** The bytes or fields are not a command of this protocol version. Names the field, never its value. */
export class MalformedCommandError extends MedsealError {
  readonly name = 'MalformedCommandError';
  readonly code = 'MALFORMED';
  readonly retryable = false;
  readonly field: string;

  constructor(field: string, what: string) {
    super(`Malformed command: ${field} ${what}`);
    this.field = field;
  }
}
