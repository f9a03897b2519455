import { type CommandId, MedsealError } from '@medseal/protocol';

/** The ledger's backend does not answer or is not ready. Nothing is known to have been refused. */
export class LedgerUnavailableError extends MedsealError {
  readonly name = 'LedgerUnavailableError';
  readonly code = 'LEDGER_UNAVAILABLE';
  readonly retryable = true;
}

/** The backend is not the ledger that was configured: other chain, contract, channel, chaincode version or domain. */
export class WrongLedgerError extends MedsealError {
  readonly name = 'WrongLedgerError';
  readonly code = 'WRONG_LEDGER';
  readonly retryable = false;
}

/** The log does not hold this command and nothing is under way. Submitting it again is safe. */
export class UnknownSubmissionError extends MedsealError {
  readonly name = 'UnknownSubmissionError';
  readonly code = 'UNKNOWN_SUBMISSION';
  readonly retryable = true;
  readonly id: CommandId;

  constructor(id: CommandId) {
    super('The log holds no command with this id');
    this.id = id;
  }
}

/** Entries that were final are gone or changed: the backend was reorganised deeper than the configured finality. */
export class LedgerRewrittenError extends MedsealError {
  readonly name = 'LedgerRewrittenError';
  readonly code = 'LEDGER_REWRITTEN';
  readonly retryable = false;
}
