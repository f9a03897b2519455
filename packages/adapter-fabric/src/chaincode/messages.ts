import { isLedgerCode, type LedgerCode } from '@medseal/protocol';

/** Name of the event that each accepted command emits; its payload is the entry of the log. */
export const ENTRY_EVENT = 'entry';

/** Why the chaincode cannot answer, apart from the rules of the protocol. */
export type ChaincodeFault =
  /** The transaction's timestamp is too far from the chaincode's clock. */
  | 'CLOCK_OFF'
  | 'NOT_INITIALISED'
  | 'ALREADY_INITIALISED'
  /** Called by another chaincode: Fabric would drop the event, and the log its entry. */
  | 'INDIRECT_CALL'
  /** Unknown function or arguments out of form. */
  | 'BAD_CALL'
  | 'INTERNAL';

const faults: ReadonlySet<string> = new Set<ChaincodeFault>([
  'CLOCK_OFF',
  'NOT_INITIALISED',
  'ALREADY_INITIALISED',
  'INDIRECT_CALL',
  'BAD_CALL',
  'INTERNAL',
]);

/** An answer without endorsement: a rule refused the command, or the call itself failed. */
export type Refusal = { readonly rejected: LedgerCode } | { readonly fault: ChaincodeFault };

/** The error message that tells a client why. Nothing else is ever in it. */
export function refusalMessage(refusal: Refusal): string {
  return 'rejected' in refusal ? `MEDSEAL_REJECTED:${refusal.rejected}` : `MEDSEAL_FAULT:${refusal.fault}`;
}

/** Reads a message back. Peers put words of their own in front of it. */
export function parseRefusal(message: string): Refusal | undefined {
  const [, kind, code = ''] = /(?:^|\s)MEDSEAL_(REJECTED|FAULT):([A-Z_]+)$/.exec(message) ?? [];
  if (kind === 'REJECTED' && isLedgerCode(code)) return { rejected: code };
  if (kind === 'FAULT' && faults.has(code)) return { fault: code as ChaincodeFault };
  return undefined;
}
