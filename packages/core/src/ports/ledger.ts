import type { CommandId, EntryBody, Genesis, LedgerCode } from '@medseal/protocol';
import type { CallOptions } from './call-options.ts';

/** Place in a ledger's log, opaque to all but the ledger that gave it. */
export type Cursor = string;

/** One accepted command, as it stands in the log: time, wire bytes, outcome. Every view is computed from these. */
export interface LedgerEntry extends EntryBody {
  readonly cursor: Cursor;
}

/** Proof for the submitter that his command stands in the log. */
export interface Receipt {
  readonly id: CommandId;
  readonly cursor: Cursor;
  /** Ledger time of the entry, seconds. */
  readonly time: number;
  /** Absent: applied. Present: logged as a violation under this code. */
  readonly violation?: LedgerCode | undefined;
}

/** A command that the ledger has accepted. "Accepted", "committed" and "final" are different things. */
export interface Submission {
  readonly id: CommandId;
  /**
   * Resolves when the command stands in the log.
   *
   * @throws RejectedError when the ledger refused it after all (another command came first).
   * @throws UnknownSubmissionError when the log does not hold it and nothing is under way: submit it again.
   */
  committed(options?: CallOptions): Promise<Receipt>;
  /** Resolves when the entry can no longer be undone, by the finality that the ledger is configured with. */
  final(options?: CallOptions): Promise<Receipt>;
}

export interface EntriesOptions extends CallOptions {
  /** Begin behind this entry; from the first one by default. */
  readonly after?: Cursor | undefined;
  /** Go on at the head and wait for further entries, until the signal aborts. */
  readonly follow?: boolean | undefined;
}

export interface LedgerHead {
  /** Cursor of the last final entry; `undefined` while the log is empty. */
  readonly cursor: Cursor | undefined;
  /** Present ledger time, seconds: the time that the next command would get or more. */
  readonly time: number;
}

/**
 * An append-only log that applies the rules of `@medseal/protocol`. Readers trust none: they run the rules again.
 *
 * Disposal ends the iterations that follow the log; whatever else goes on, or is called later, fails with
 * LedgerUnavailableError.
 */
export interface Ledger extends AsyncDisposable {
  readonly genesis: Genesis;
  readonly supports: {
    /** Seconds between commitment and finality, at most. */
    readonly finalityDelay: number;
    /** Form of what `prove` gives, such as `c2sp-tlog`; `null` where the ledger has no proofs to give. */
    readonly proof: string | null;
  };
  /**
   * Hands over the wire bytes of a signed command. Resolves once accepted and never forgotten. A command that the log
   * holds already gives its first receipt, also after `validUntil`, and has no second effect.
   *
   * @throws RejectedError with the code of the first rule that refuses it; nothing was written.
   * @throws LedgerUnavailableError when the backend does not answer; the same call may be made again.
   */
  submit(wire: Uint8Array, options?: CallOptions): Promise<Submission>;
  /** Handle for a command perhaps submitted before a crash. No I/O. */
  submission(id: CommandId): Submission;
  /**
   * Final entries only, in the order of the log, from behind `after` on; ends at the head of the moment unless `follow`.
   *
   * @throws LedgerUnavailableError when the backend does not answer.
   * @throws LedgerRewrittenError when entries that were final are gone.
   */
  entries(options?: EntriesOptions): AsyncIterable<LedgerEntry>;
  /** @throws LedgerUnavailableError when the backend does not answer. */
  head(options?: CallOptions): Promise<LedgerHead>;
  /**
   * Evidence, checkable without this ledger, that a command stands in the log.
   *
   * @throws UnsupportedError where `supports.proof` is `null`, UnknownSubmissionError when the log does not hold it.
   */
  prove(id: CommandId, options?: CallOptions): Promise<Uint8Array>;
}
