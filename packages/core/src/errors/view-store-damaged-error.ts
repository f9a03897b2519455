import { MedsealError } from '@medseal/protocol';

/** What a reader had saved of the log is torn, altered or not its own. The ledger has it all: read it again. */
export class ViewStoreDamagedError extends MedsealError {
  readonly name = 'ViewStoreDamagedError';
  readonly code = 'VIEW_STORE_DAMAGED';
  readonly retryable = false;
}
