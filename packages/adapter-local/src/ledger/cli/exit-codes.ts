import { isMedsealError } from '@medseal/protocol';

/** What the program ends with. Scripts may rely on the numbers. */
export const exitCodes = {
  done: 0,
  /** A file can not be read or written. */
  failed: 1,
  /** The arguments make no sense. */
  usage: 2,
  /** No ledger, or another one. */
  wrong: 3,
  damaged: 4,
  /** Another writer has it open. */
  locked: 5,
  /** Stopped by a signal. */
  interrupted: 130,
} as const;

/** Wrong arguments. */
export class UsageError extends Error {}

/** @throws UsageError where the check of what was given throws. */
export function requireUsable(check: () => void): void {
  try {
    check();
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error), { cause: error });
  }
}

const byCode: Readonly<Record<string, number>> = {
  LEDGER_ABSENT: exitCodes.wrong,
  LEDGER_EXISTS: exitCodes.wrong,
  WRONG_LEDGER: exitCodes.wrong,
  LEDGER_CORRUPT: exitCodes.damaged,
  UNVERIFIED_LOG: exitCodes.damaged,
  MALFORMED_OBJECT: exitCodes.damaged,
  LEDGER_LOCKED: exitCodes.locked,
};

/** The number for an error, and what to say. */
export function explain(error: unknown, signal: AbortSignal): { readonly code: number; readonly line: string } {
  if (signal.aborted) return { code: exitCodes.interrupted, line: 'stopped' };
  const line = error instanceof Error ? error.message : String(error);
  if (error instanceof UsageError) return { code: exitCodes.usage, line: `${line}; see medseal-ledger --help` };
  return { code: isMedsealError(error) ? (byCode[error.code] ?? exitCodes.failed) : exitCodes.failed, line };
}
