import { MedsealError } from '@medseal/protocol';

type Failure = 'signature' | 'domain' | 'signer';

/** A well-formed object that is not signed by whom it names, belongs to another ledger, or is of a signer not trusted. */
export class UnverifiedObjectError extends MedsealError {
  readonly name = 'UnverifiedObjectError';
  readonly code = 'UNVERIFIED_OBJECT';
  readonly retryable = false;
  readonly object: string;
  readonly failed: Failure;

  constructor(object: string, failed: Failure) {
    super(`The ${object} ${failures[failed]}`);
    this.object = object;
    this.failed = failed;
  }
}

const failures: Readonly<Record<Failure, string>> = {
  signature: 'is not signed by whom it names',
  domain: 'belongs to another ledger',
  signer: 'is signed by nobody who is trusted with it',
};
