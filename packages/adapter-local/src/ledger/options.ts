import type { Authority, Domain, Hex } from '@medseal/protocol';

/**
 * Where the key that signs checkpoints comes from: a file of its own, by default `<path>-key`, or whoever keeps secrets
 * for the application.
 */
export type CheckpointKeySource =
  | { readonly file: string }
  | { readonly secret: () => Uint8Array | Promise<Uint8Array> };

/** Static files for readers without access to the ledger, and for witnesses: C2SP tlog-tiles. */
export interface PublishTilesOptions {
  readonly directory: string;
  /** Milliseconds to wait after a commit, so that several are published at once. Default 200. */
  readonly delay?: number | undefined;
  /** Is told when publishing failed; the next commit tries again. By default the process emits a warning. */
  readonly onError?: ((error: unknown) => void) | undefined;
}

/** A new ledger. */
export interface CreateLedgerOptions {
  /** File of the ledger. Beside it come `-wal` and `-shm` (SQLite's), `-lock`, `-head` and `-key`. */
  readonly path: string;
  /** Who registers and bans. Fixed for the life of the ledger. */
  readonly authority: Authority;
  /** 32 bytes that set this ledger apart; random by default. */
  readonly salt?: Hex | undefined;
  readonly key?: CheckpointKeySource | undefined;
}

export interface LocalLedgerOptions {
  readonly path: string;
  /** Make the ledger if there is none; needs `authority`. */
  readonly create?: boolean | undefined;
  /** Authority that the ledger must have, or gets when it is made. */
  readonly authority?: Authority | undefined;
  readonly salt?: Hex | undefined;
  /** Domain that the ledger must have. */
  readonly domain?: Domain | undefined;
  /** Open for reading beside a writer, in this process or others: `submit` is refused. */
  readonly readOnly?: boolean | undefined;
  readonly key?: CheckpointKeySource | undefined;
  /** Accept the system's clock as it is, although it is behind the last entry. */
  readonly acceptClock?: boolean | undefined;
  /** Seconds since 1970; by default the system's clock. */
  readonly clock?: (() => number) | undefined;
  /** Milliseconds that nobody sets; by default those of the process. */
  readonly monotonic?: (() => number) | undefined;
  /**
   * Most threads that verify signatures under load; 0 for none, by default one a core, and one fewer with native code,
   * where the calling thread verifies too. A thread is started when it is first wanted, and ends after 5 seconds without
   * work.
   */
  readonly threads?: number | undefined;
  /** Most commands in one transaction. Default 256. */
  readonly maxBatch?: number | undefined;
  /** Most commands that wait to be written; further calls of `submit` wait in line. Default 4,096. */
  readonly maxWaiting?: number | undefined;
  /** Publish the log after commits. */
  readonly publish?: PublishTilesOptions | undefined;
  /** Milliseconds between looks for entries of another process, while somebody follows the log. Default 25. */
  readonly pollInterval?: number | undefined;
}
