import { MedsealError } from '@medseal/protocol';

/** Another writer has the ledger open. It ends with that process, however that dies. */
export class LedgerLockedError extends MedsealError {
  readonly name = 'LedgerLockedError';
  readonly code = 'LEDGER_LOCKED';
  readonly retryable = true;
  readonly path: string;

  constructor(path: string, options?: ErrorOptions) {
    super(`Another writer has the ledger open: ${path}`, options);
    this.path = path;
  }
}

/** There is no ledger at this path, or there is one already where it should be made. */
export class LedgerPathError extends MedsealError {
  readonly name = 'LedgerPathError';
  readonly code: 'LEDGER_ABSENT' | 'LEDGER_EXISTS';
  readonly retryable = false;
  readonly path: string;

  constructor(code: 'LEDGER_ABSENT' | 'LEDGER_EXISTS', path: string) {
    super(`${code === 'LEDGER_ABSENT' ? 'There is no ledger' : 'There is a file already'} at ${path}`);
    this.code = code;
    this.path = path;
  }
}

/** The ledger was opened for reading. */
export class ReadOnlyLedgerError extends MedsealError {
  readonly name = 'ReadOnlyLedgerError';
  readonly code = 'LEDGER_READ_ONLY';
  readonly retryable = false;

  constructor() {
    super('The ledger was opened for reading: it takes no command');
  }
}

/** The files do not say what was written. Restore a backup; nothing is written over the damage. */
export class LedgerCorruptError extends MedsealError {
  readonly name = 'LedgerCorruptError';
  readonly code = 'LEDGER_CORRUPT';
  readonly retryable = false;
  /** What is damaged, for a person. */
  readonly what: string;
  /** Place in the log, from 0, where one entry is concerned. */
  readonly seq: number | undefined;

  constructor(what: string, options: ErrorOptions & { readonly seq?: number | undefined } = {}) {
    const { seq } = options;
    super(`The ledger is damaged: ${what}${seq === undefined ? '' : ` (entry ${seq})`}`, options);
    this.what = what;
    this.seq = seq;
  }
}

/** The system's clock is not to be believed until an operator says so. Reading goes on. */
export class ClockJumpedError extends MedsealError {
  readonly name = 'ClockJumpedError';
  readonly code = 'CLOCK_JUMPED';
  readonly retryable = true;
  /** Seconds by which the clock is ahead of what was expected; negative: behind the last entry. */
  readonly seconds: number;

  constructor(seconds: number) {
    const how = seconds > 0 ? `jumped forward by ${seconds} s` : `is ${-seconds} s behind the last entry of the ledger`;
    super(`The system's clock ${how}. Put it right, or accept it if it is right`);
    this.seconds = seconds;
  }
}
