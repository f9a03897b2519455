import { AbsentError, StoreUnavailableError, UnfaithfulStoreError } from '../errors/store-errors.ts';
import type { Copy } from './copy.ts';

/** Why one copy did not give what was asked of it. */
export interface CopyFault {
  readonly copy: Copy;
  readonly error: unknown;
}

/** What one copy keeps of an object. `unreachable` says nothing about it. */
export type CopyState = 'whole' | 'missing' | 'damaged' | 'unreachable';

export function stateOfFault({ error }: CopyFault): CopyState {
  if (error instanceof AbsentError) return 'missing';
  return error instanceof UnfaithfulStoreError ? 'damaged' : 'unreachable';
}

/**
 * What it means when no copy could give an object: it is absent only when every copy says so, and one that does not
 * answer may have it.
 */
export function conclude(faults: readonly CopyFault[]): Error {
  const states = new Set(faults.map(stateOfFault));
  const cause = causeOf(faults);
  if (states.has('unreachable'))
    return new StoreUnavailableError('No copy gives the object, and some do not answer', { cause });
  if (states.has('damaged')) return new UnfaithfulStoreError('No copy has the whole object', { cause });
  return new AbsentError('No copy has such an object', { cause });
}

export function causeOf(faults: readonly CopyFault[]): AggregateError {
  const names = faults.map(({ copy }) => copy.name).join(', ');
  return new AggregateError(
    faults.map(({ error }) => error),
    `Faults of: ${names}`,
  );
}
