import type { ViewEntry } from '@medseal/core';
import type { Answer } from '../drivers/ledger-driver.ts';
import type { ExpectedEntry } from './expected-log.ts';

/** What was seen of one step on one ledger, in names that are the same on every ledger. */
export interface Observation {
  readonly answer: Answer | Failure;
  /** Id and time that the receipt names, where the adapter gave one. */
  readonly receipt: unknown;
  /** State objects that the command reads or writes, as the ledger stores them afterwards. */
  readonly state: unknown;
  /** What the log has gained since the last look, as a reader sees it who runs the rules again. */
  readonly entries?: unknown;
  /** Whether the log is byte for byte the one that the rules imply. */
  readonly log?: unknown;
}

/** What was seen of a whole ledger at the end of a sequence. */
export interface FinalObservation {
  /** Every state object, as the ledger stores it. */
  readonly state: unknown;
  /** The same as the log implies it. */
  readonly implied: unknown;
  /** Entries without repeats. */
  readonly entries: unknown;
  /** Whether the log, read again from its start, is byte for byte the one that the rules imply. */
  readonly log: unknown;
}

/** Something else than an answer: the ledger or its adapter broke. */
export interface Failure {
  readonly failure: string;
}

export function failureOf(error: unknown): Failure {
  return { failure: error instanceof Error ? `${error.name}: ${error.message}` : String(error) };
}

/** An entry without cursor and place, which differ from ledger to ledger. */
export function entryFacts({ time, id, command, violation }: ExpectedEntry | ViewEntry): unknown {
  return { time, outcome: violation === undefined ? 'applied' : 'violation', code: violation, id, command };
}
