import { RefusalError } from './refusal-error.ts';
import type { Stub } from './stub.ts';

/** Most seconds that a transaction's timestamp may be off the chaincode's clock. */
export const MAX_CLOCK_SKEW = 30;

/**
 * Ledger time of a transaction: its timestamp, in whole seconds. The client sets it, so each endorsing chaincode
 * compares it with its own clock.
 *
 * @param now The chaincode's clock, milliseconds since 1970.
 * @throws RefusalError `CLOCK_OFF`.
 */
export function checkedTime(now: () => number): (stub: Stub) => number {
  return (stub) => {
    const time = stub.getTxTimestamp().seconds.toNumber();
    if (Math.abs(time - now() / 1000) > MAX_CLOCK_SKEW) throw new RefusalError({ fault: 'CLOCK_OFF' });
    return time;
  };
}
