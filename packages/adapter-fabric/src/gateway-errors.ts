import { status } from '@grpc/grpc-js';
import { GatewayError } from '@hyperledger/fabric-gateway';
import { LedgerUnavailableError, WrongLedgerError } from '@medseal/core/adapter';
import { parseRefusal, type Refusal } from './chaincode/messages.ts';

/** What the chaincode said, where it was the chaincode that refused. */
export function refusalIn(error: unknown): Refusal | undefined {
  if (!(error instanceof GatewayError)) return undefined;
  for (const { message } of error.details) {
    const refusal = parseRefusal(message);
    if (refusal !== undefined) return refusal;
  }
  return undefined;
}

/**
 * Whether endorsers disagree: one that lags behind refuses, or writes differently, what the others accept. It passes.
 */
export function isDisagreement(error: unknown): boolean {
  return error instanceof GatewayError && error.details.some(({ message }) => message.includes('do not match'));
}

const accessCodes: readonly number[] = [status.PERMISSION_DENIED, status.UNAUTHENTICATED];

// An endorser that does not admit the caller has no code of its own for it.
function isDenied({ code, details }: GatewayError): boolean {
  return accessCodes.includes(code) || details.some(({ message }) => message.includes('access denied'));
}

/** Whether another peer, or the same one later, may answer: neither the chaincode nor an access rule refused. */
export function isOutage(error: unknown): boolean {
  if (!(error instanceof GatewayError) || isDenied(error)) return false;
  return refusalIn(error) === undefined && !isDisagreement(error);
}

/** The error of the port for what a gateway call threw. Rules that refuse a command are not handled here. */
export function toLedgerError(error: unknown): unknown {
  if (!(error instanceof GatewayError)) return error;
  const refusal = refusalIn(error);
  if (refusal === undefined) {
    return isDenied(error)
      ? new WrongLedgerError('The peer does not admit this identity to the channel', { cause: error })
      : new LedgerUnavailableError('The Fabric network does not answer', { cause: error });
  }
  const fault = 'fault' in refusal ? refusal.fault : refusal.rejected;
  if (fault === 'CLOCK_OFF') {
    const message = 'The clock of this client or of an endorsing chaincode is off by more than 30 seconds';
    return new LedgerUnavailableError(message, { cause: error });
  }
  if (fault === 'INTERNAL') return new LedgerUnavailableError('The chaincode failed', { cause: error });
  const what = fault === 'NOT_INITIALISED' ? 'is not initialised' : `refused the call: ${fault}`;
  return new WrongLedgerError(`The chaincode ${what}`, { cause: error });
}
