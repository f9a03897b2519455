import { MedsealError } from '@medseal/protocol';

/** A well-formed object that its patient did not sign, or that belongs to another ledger. */
export class UnverifiedObjectError extends MedsealError {
  readonly name = 'UnverifiedObjectError';
  readonly code = 'UNVERIFIED_OBJECT';
  readonly retryable = false;
  readonly object: string;
  readonly failed: 'signature' | 'domain';

  constructor(object: string, failed: 'signature' | 'domain') {
    super(
      failed === 'signature'
        ? `The ${object} is not signed by the patient whom it names`
        : `The ${object} belongs to another ledger`,
    );
    this.object = object;
    this.failed = failed;
  }
}
