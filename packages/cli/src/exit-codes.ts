import { isMedsealError } from '@medseal/protocol';

/** What the program ends with. Scripts may rely on the numbers. */
export const exitCodes = {
  done: 0,
  /** A file can not be read or written. */
  failed: 1,
  /** The arguments make no sense. */
  usage: 2,
  /** The input is no sealed file, or one of a later version. */
  malformed: 3,
  /** The key does not open it, or it was altered or cut. */
  unopened: 4,
  /** Stopped by a signal. */
  interrupted: 130,
} as const;

/** Wrong arguments. */
export class UsageError extends Error {}

/** The number for an error, and what to say. Messages of errors hold no secrets. */
export function explain(error: unknown, signal: AbortSignal): { readonly code: number; readonly line: string } {
  if (signal.aborted) return { code: exitCodes.interrupted, line: 'stopped; nothing was written' };
  if (error instanceof UsageError) return { code: exitCodes.usage, line: `${error.message}; see medseal --help` };
  if (!isMedsealError(error)) return { code: exitCodes.failed, line: messageOf(error) };
  if (error.code === 'MALFORMED_OBJECT') return { code: exitCodes.malformed, line: error.message };
  if (error.code === 'DECRYPTION_FAILED')
    return { code: exitCodes.unopened, line: 'the key does not open this file, or the file was altered or cut' };
  return { code: exitCodes.failed, line: error.message };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
