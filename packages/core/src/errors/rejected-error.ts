import { type Hex, MedsealError, type RejectionCode, rejections } from '@medseal/protocol';

/** A ledger or a holder refused, by a rule. `code` names the rule; nothing was written or released. */
export class RejectedError extends MedsealError {
  readonly name = 'RejectedError';
  readonly code: RejectionCode;
  readonly retryable = false;
  /** Id of the refused command, where one was refused. */
  readonly id: Hex | undefined;
  readonly meaning: string;
  readonly remedy: string;

  constructor(code: RejectionCode, options: ErrorOptions & { readonly id?: Hex | undefined } = {}) {
    const { by, meaning, remedy } = rejections[code];
    super(`Refused by the ${by}: ${code}. ${meaning} ${remedy}`, options);
    this.code = code;
    this.id = options.id;
    this.meaning = meaning;
    this.remedy = remedy;
  }
}
