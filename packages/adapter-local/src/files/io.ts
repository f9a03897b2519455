import { StoreUnavailableError } from '@medseal/core/adapter';

interface SystemError {
  readonly code: string;
  readonly errno?: number;
  readonly syscall?: string;
}

function isSystemError(error: unknown): error is SystemError {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' && 'syscall' in error;
}

/** Whether the system says that there is no such file or folder. Never an outage by itself, never absence by itself. */
export function isMissing(error: unknown): boolean {
  return isSystemError(error) && error.code === 'ENOENT';
}

export function isTaken(error: unknown): boolean {
  return isSystemError(error) && error.code === 'EEXIST';
}

/**
 * Whatever a file system refuses (no right, no space, no free handle, a bad sector) is an outage of the store. The cause
 * keeps the system's code and leaves the path out: folders are named after people.
 */
export function outage(error: unknown): unknown {
  if (!isSystemError(error)) return error;
  const { code, errno, syscall } = error;
  const cause = Object.assign(new Error(`${code}, ${syscall}`), { code, errno, syscall });
  return new StoreUnavailableError(`The file system refused: ${code}`, { cause });
}

/** Waits for calls of the file system; their failures become outages. Errors of others pass as they are. */
export async function io<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw outage(error);
  }
}

/** As `io`, where that a file is missing is an answer. */
export async function unlessMissing<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work;
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw outage(error);
  }
}
