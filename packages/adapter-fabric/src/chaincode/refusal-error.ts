import { type Refusal, refusalMessage } from './messages.ts';

/** Ends a call without endorsement, so that nothing is written. */
export class RefusalError extends Error {
  override readonly name = 'RefusalError';

  constructor(refusal: Refusal) {
    super(refusalMessage(refusal));
  }
}
