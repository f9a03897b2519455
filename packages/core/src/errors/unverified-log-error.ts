import { MedsealError } from '@medseal/protocol';

/** What did not hold of a transparency log, its checkpoint, or a proof from it. */
export type LogCheck =
  | 'signature'
  | 'signer'
  | 'origin'
  | 'root'
  | 'inclusion'
  | 'consistency'
  | 'age'
  | 'witnesses'
  | 'command'
  | 'entry'
  | 'file';

const meaning: Readonly<Record<LogCheck, string>> = {
  signature: 'A signature in the name of a known key is not valid',
  signer: 'No known key has signed the note',
  origin: 'The checkpoint names another log than the key that signed it',
  root: 'Entries or hashes do not lead to the root of the checkpoint',
  inclusion: 'The proof does not show the entry in the log',
  consistency: 'The log is not a continuation of the one that was seen before',
  age: 'The log is older than the one that was seen before',
  witnesses: 'Too few witnesses have cosigned the checkpoint',
  command: 'The command of the entry is not signed as its ledger asks, or was signed for another ledger',
  entry: 'The entry of the log is not well-formed',
  file: 'A file of the log is missing, or has another length than the checkpoint calls for',
};

/** A log, checkpoint or proof that can be read but must not be believed; `failed` says what did not hold. */
export class UnverifiedLogError extends MedsealError {
  readonly name = 'UnverifiedLogError';
  readonly code = 'UNVERIFIED_LOG';
  /** Witnesses may yet cosign. */
  readonly retryable: boolean;
  readonly failed: LogCheck;

  constructor(failed: LogCheck, options?: ErrorOptions) {
    super(meaning[failed], options);
    this.failed = failed;
    this.retryable = failed === 'witnesses';
  }
}
