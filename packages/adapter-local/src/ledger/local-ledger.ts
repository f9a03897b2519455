import {
  type CallOptions,
  type EntriesOptions,
  type Ledger,
  type LedgerEntry,
  type LedgerHead,
  LedgerUnavailableError,
  type Receipt,
  type Submission,
} from '@medseal/core/adapter';
import type { WitnessVerifier } from '@medseal/core/tlog';
import type { CommandId, Genesis } from '@medseal/protocol';
import type { TilePublisher } from '../tiles/tile-publisher.ts';
import { type LedgerReport, verifyLedger, type VerifyLedgerOptions } from './checking/verify-ledger.ts';
import { backupLedger } from './copying/backup-ledger.ts';
import type { CopyOptions } from './copying/copy-ledger.ts';
import { ReadOnlyLedgerError } from './errors.ts';
import { type OpenParts, openParts } from './open-ledger.ts';
import type { LocalLedgerOptions } from './options.ts';
import { Changes, dataVersion, pollCommits } from './reading/changes.ts';
import { parseCursor } from './reading/cursor.ts';
import { prove } from './reading/prove.ts';
import { proveConsistency } from './reading/prove-consistency.ts';
import { publishLog } from './reading/publish-log.ts';
import { addCosignature } from './writing/add-cosignature.ts';
import { type Accepted, SubmissionQueue } from './writing/submission-queue.ts';

const POLL_INTERVAL = 25;
const MAX_BATCH = 256;
const MAX_WAITING = 4_096;

/** A durable ledger in one file. Every entry is final once its transaction is on the disk. */
export class LocalLedger implements Ledger {
  readonly genesis: Genesis;
  readonly supports = { finalityDelay: 0, proof: 'c2sp-tlog' };
  readonly #parts: OpenParts;
  readonly #options: LocalLedgerOptions;
  readonly #changes: Changes;
  readonly #queue: SubmissionQueue | undefined;
  readonly #publisher: TilePublisher | undefined;
  #seen = 0;
  #time = 0;
  #closing: Promise<void> | undefined;

  constructor(parts: OpenParts, options: LocalLedgerOptions) {
    this.#parts = parts;
    this.#options = options;
    this.genesis = parts.file.genesis;
    const { database } = parts.file;
    const poll = pollCommits(database, options.pollInterval ?? POLL_INTERVAL, () => this.#seen);
    this.#changes = new Changes(parts.writing === undefined ? poll : undefined);
    this.#publisher = parts.writing && options.publish && publishLog(parts, options.publish);
    this.#queue = parts.writing && this.#startQueue(parts.writing);
  }

  async submit(wire: Uint8Array, { signal }: CallOptions = {}): Promise<Submission> {
    this.#checkUse(signal);
    if (this.#queue === undefined) throw new ReadOnlyLedgerError();
    return this.#submissionOf(await this.#queue.add(wire.slice(), signal));
  }

  submission(id: CommandId): Submission {
    const receipt = async ({ signal }: CallOptions = {}): Promise<Receipt> => {
      this.#checkUse(signal);
      return this.#parts.reader.receipt(id);
    };
    return { id, committed: receipt, final: receipt };
  }

  async *entries({ after, follow = false, signal }: EntriesOptions = {}): AsyncGenerator<LedgerEntry> {
    this.#checkUse(signal);
    const { reader } = this.#parts;
    const limit = follow ? Number.POSITIVE_INFINITY : reader.head().size;
    let next = after === undefined ? 0 : reader.behind(parseCursor(after));
    for (;;) {
      const entries = this.#read(next, limit);
      for (const entry of entries) {
        next++;
        yield entry;
        if (follow && this.#closing !== undefined) return;
        this.#checkUse(signal);
      }
      if (entries.length > 0) continue;
      if (!follow) return;
      await this.#changes.next(signal);
      if (this.#closing !== undefined) return;
    }
  }

  async head({ signal }: CallOptions = {}): Promise<LedgerHead> {
    this.#checkUse(signal);
    const last = this.#parts.reader.last();
    const now = this.#parts.writing?.clock.present() ?? this.#systemTime();
    this.#time = Math.max(this.#time, now, last?.time ?? 0);
    return { cursor: last?.cursor, time: this.#time };
  }

  /** @throws UnknownSubmissionError when the log does not hold the command. */
  async prove(id: CommandId, { signal }: CallOptions = {}): Promise<Uint8Array> {
    this.#checkUse(signal);
    return prove(this.#parts, id);
  }

  /** The last signed checkpoint (C2SP tlog-checkpoint), with the cosignatures that it has. */
  checkpoint(): string {
    this.#checkUse(undefined);
    return this.#parts.reader.checkpoint().note;
  }

  /** Checkpoints that witnesses cosigned, as far as they are kept, the longest first. */
  cosigned(): readonly string[] {
    this.#checkUse(undefined);
    return this.#parts.file.tables.cosigned.all().toReversed();
  }

  /** Verifier key of the checkpoints, to be pinned by whoever checks proofs (C2SP signed-note). */
  get verifierKey(): string {
    return this.#parts.file.verifierKey;
  }

  /** {@link proveConsistency} */
  consistency(from: number, to: number): readonly Uint8Array[] {
    this.#checkUse(undefined);
    return proveConsistency(this.#parts, from, to);
  }

  /** Keeps the cosignatures of `witnesses` under a checkpoint of this log; gives the checkpoint with all of them. */
  addCosignature(note: string, witnesses: readonly WitnessVerifier[]): string {
    this.#checkUse(undefined);
    const { file, reader, writing } = this.#parts;
    if (writing === undefined) throw new ReadOnlyLedgerError();
    const { size } = reader.head();
    const cosigned = writing.commits.writeSynced(() => addCosignature(file, size, note, witnesses));
    this.#publisher?.changed();
    return cosigned;
  }

  /** Checks the whole file, beside whoever writes to it. See `verifyLedger`. */
  async verify(options: VerifyLedgerOptions = {}): Promise<LedgerReport> {
    this.#checkUse(options.signal);
    return verifyLedger(this.#parts.file.path, options);
  }

  /** Writes the ledger as it is now to a new file, while it goes on. See `backupLedger`. */
  async backup(path: string, options: CopyOptions = {}): Promise<void> {
    this.#checkUse(options.signal);
    return backupLedger(this.#parts.file.path, path, options);
  }

  /** The operator says that the system's clock is right, after a ClockJumpedError. */
  acceptClock(): void {
    this.#checkUse(undefined);
    this.#parts.writing?.clock.accept();
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    const written = this.#queue?.close();
    this.#changes.notify();
    await written;
    await this.#publisher?.[Symbol.asyncDispose]();
    await this.#parts[Symbol.asyncDispose]();
  }

  #checkUse(signal: AbortSignal | undefined): void {
    signal?.throwIfAborted();
    if (this.#closing !== undefined) throw new LedgerUnavailableError('The ledger was closed');
  }

  /** What is seen of other connections is noted first: what they commit later wakes those who follow. */
  #read(next: number, limit: number): readonly LedgerEntry[] {
    if (this.#queue === undefined) this.#noteVersion();
    return this.#parts.reader.some(next, limit);
  }

  #noteVersion(): void {
    const version = dataVersion(this.#parts.file.database);
    if (version !== this.#seen) this.#changes.notify();
    this.#seen = version;
  }

  #systemTime(): number {
    return this.#options.clock?.() ?? Math.floor(Date.now() / 1000);
  }

  #submissionOf(accepted: Accepted): Submission {
    if (accepted.kind === 'known') return this.submission(accepted.id);
    const { receipt } = accepted;
    const known = async ({ signal }: CallOptions = {}): Promise<Receipt> => {
      this.#checkUse(signal);
      return receipt;
    };
    return { id: receipt.id, committed: known, final: known };
  }

  #startQueue({ commits, verifier }: NonNullable<OpenParts['writing']>): SubmissionQueue {
    const { maxBatch = MAX_BATCH, maxWaiting = MAX_WAITING } = this.#options;
    commits.onReleased(() => {
      this.#changes.notify();
      this.#publisher?.changed();
    });
    return new SubmissionQueue({
      maxBatch,
      maxWaiting,
      verify: (wire) => verifier.verify(wire),
      commit: (batch) => commits.commit(batch),
      patience: () => commits.patience,
    });
  }
}

/**
 * Opens a ledger in a file of this machine: durable, verifiable, for one writer and any number of readers.
 *
 * @throws LedgerLockedError when another writer has it open.
 * @throws LedgerPathError when it is not there and `create` was not given.
 * @throws WrongLedgerError when the file is something else, or has another version, domain, authority or key.
 * @throws LedgerCorruptError when it is damaged; opening checks its end only, `verify` all of it.
 * @throws ClockJumpedError when the system's clock is behind the last entry by more than 5 minutes.
 * @throws LedgerUnavailableError when a file can not be read or written.
 */
export async function localLedger(options: LocalLedgerOptions): Promise<LocalLedger> {
  return new LocalLedger(await openParts(options), options);
}
