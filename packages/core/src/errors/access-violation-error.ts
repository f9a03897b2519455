import { type LedgerCode, MedsealError, rejections } from '@medseal/protocol';
import type { Receipt } from '../ports/ledger.ts';

/** A use was not allowed, and the ledger has logged it under this code. */
export class AccessViolationError extends MedsealError {
  readonly name = 'AccessViolationError';
  readonly code: LedgerCode;
  readonly retryable = false;
  readonly receipt: Receipt;
  readonly meaning: string;
  readonly remedy: string;

  constructor(code: LedgerCode, receipt: Receipt) {
    const { meaning, remedy } = rejections[code];
    super(`Refused and logged as a violation: ${code}. ${meaning} ${remedy}`);
    this.code = code;
    this.receipt = receipt;
    this.meaning = meaning;
    this.remedy = remedy;
  }
}
