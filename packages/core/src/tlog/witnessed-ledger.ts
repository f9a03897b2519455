import type { CommandId, Genesis } from '@medseal/protocol';
import { LedgerUnavailableError } from '../errors/ledger-errors.ts';
import { UnverifiedLogError } from '../errors/unverified-log-error.ts';
import { unlessAborted } from '../lib/abort.ts';
import { systemSeconds } from '../lib/system-seconds.ts';
import type { CallOptions } from '../ports/call-options.ts';
import type { EntriesOptions, Ledger, LedgerEntry, LedgerHead, Receipt, Submission } from '../ports/ledger.ts';
import { CheckpointFollower } from './checkpoint-follower.ts';
import type { CheckpointSource } from './checkpoint-source.ts';
import type { CheckpointState, SeenCheckpoint } from './checkpoint-state.ts';
import type { NoteVerifier } from './note-verifier.ts';
import { pause } from './pause.ts';
import { parseProof } from './proof.ts';
import { type VerifiedPlace, VerifiedPlaces } from './verified-places.ts';
import { verifyProof } from './verify-proof.ts';
import { requireWitnessPolicy, type WitnessPolicy } from './witness-policy.ts';
import type { WitnessVerifier } from './witness-verifier.ts';
import { readBehind, readFromLast, readToCheckpoint } from './witnessed-entries.ts';

export interface RequiredWitnesses {
  readonly verifiers: readonly WitnessVerifier[];
  /** How many of them must have cosigned. */
  readonly quorum: number;
  /**
   * Seconds after which a cosignature no longer counts. Without it a log whose operator keeps cosignatures back looks up
   * to date; a holder who releases anything sets it. Witnesses must then cosign that often, also when nothing happens.
   */
  readonly maxAge?: number | undefined;
}

export interface WitnessedLedgerOptions {
  readonly ledger: Ledger;
  /** Of the same log; a local ledger is both. */
  readonly checkpoints: CheckpointSource;
  /** Keys of the log. */
  readonly verifiers: readonly NoteVerifier[];
  readonly requireWitnesses: RequiredWitnesses;
  /** Keeps over restarts the last accepted checkpoint, and where to read on; without it, in memory only. */
  readonly state?: CheckpointState | undefined;
  /** Most seconds from a commit to its cosignatures, added to the finality delay; 0 by default. */
  readonly cosigningDelay?: number | undefined;
  /** Milliseconds between looks for new cosignatures; 1,000 by default. */
  readonly pollInterval?: number | undefined;
  /** Seconds since 1970; by default the system's clock. */
  readonly clock?: (() => number) | undefined;
}

/** Places that the state keeps: those of the last two reads. */
const PLACES_KEPT = 4;

class WitnessedLedger implements Ledger {
  readonly genesis: Genesis;
  readonly supports: Ledger['supports'];
  readonly #options: WitnessedLedgerOptions;
  readonly #follower: CheckpointFollower;
  readonly #closing = new AbortController();
  readonly #places = new VerifiedPlaces();

  constructor(options: WitnessedLedgerOptions) {
    const { ledger, checkpoints: source, verifiers, requireWitnesses, state, cosigningDelay = 0 } = options;
    const { verifiers: witnesses, quorum, maxAge } = requireWitnesses;
    const { clock = systemSeconds } = options;
    requireWitnessPolicy({ witnesses, quorum });
    if (!(cosigningDelay >= 0)) throw new RangeError('The delay of cosignatures is seconds, from 0 on');
    const policy = (): WitnessPolicy => ({
      witnesses,
      quorum,
      notBefore: maxAge === undefined ? undefined : clock() - maxAge,
    });
    this.#options = options;
    this.#follower = new CheckpointFollower({ source, verifiers, policy, state });
    this.genesis = ledger.genesis;
    const { finalityDelay, proof } = ledger.supports;
    this.supports = { proof, finalityDelay: finalityDelay + cosigningDelay };
  }

  async submit(wire: Uint8Array, options: CallOptions = {}): Promise<Submission> {
    this.#checkUse(options.signal);
    const { id } = await this.#options.ledger.submit(wire, options);
    return this.submission(id);
  }

  submission(id: CommandId): Submission {
    const inner = this.#options.ledger.submission(id);
    const final = async (options: CallOptions = {}): Promise<Receipt> => {
      this.#checkUse(options.signal);
      const receipt = await inner.final(options);
      while (!(await this.#isWitnessed(id, options))) await this.#pause(options.signal);
      return receipt;
    };
    const committed = async (options: CallOptions = {}): Promise<Receipt> => {
      this.#checkUse(options.signal);
      return inner.committed(options);
    };
    return { id, committed, final };
  }

  async *entries(options: EntriesOptions = {}): AsyncGenerator<LedgerEntry> {
    this.#checkUse(options.signal);
    try {
      yield* this.#readOn(options);
    } catch (error) {
      // Closing ends whoever follows without an error, whatever he waited for.
      const isClosed = this.#closing.signal.aborted && error instanceof LedgerUnavailableError;
      if (options.follow !== true || !isClosed) throw error;
    }
  }

  async head(options: CallOptions = {}): Promise<LedgerHead> {
    this.#checkUse(options.signal);
    const { time } = await this.#options.ledger.head(options);
    const checkpoint = await this.#advance(options.signal);
    const { places } = await readFromLast(this.#options.ledger, this.#places, checkpoint, options);
    await this.#unlessEnded(this.#remember(places), options.signal);
    return { cursor: places.at(-1)?.cursor, time };
  }

  async prove(id: CommandId, options: CallOptions = {}): Promise<Uint8Array> {
    this.#checkUse(options.signal);
    return this.#options.ledger.prove(id, options);
  }

  /** Disposes the ledger within too. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing.abort(new LedgerUnavailableError('The ledger was closed'));
    await this.#options.ledger[Symbol.asyncDispose]();
  }

  async *#readOn({ after, follow = false, signal }: EntriesOptions): AsyncGenerator<LedgerEntry> {
    const { ledger } = this.#options;
    let place: VerifiedPlace | undefined;
    for (;;) {
      const checkpoint = await this.#advanceIfCosigned(signal);
      if (checkpoint === undefined && !follow) throw new UnverifiedLogError('witnesses');
      if (checkpoint !== undefined) {
        const run =
          place === undefined
            ? await readBehind(ledger, { after, known: this.#places }, checkpoint, { signal })
            : await readToCheckpoint(ledger, place, checkpoint, { signal });
        await this.#unlessEnded(this.#remember(run.places), signal);
        place = run.places.at(-1);
        for (const entry of run.entries) {
          yield entry;
          this.#checkUse(signal);
        }
      }
      if (!follow) return;
      await this.#pause(signal);
    }
  }

  #checkUse(signal: AbortSignal | undefined): void {
    signal?.throwIfAborted();
    this.#closing.signal.throwIfAborted();
  }

  async #advance(signal: AbortSignal | undefined): Promise<SeenCheckpoint> {
    const checkpoint = await this.#advanceIfCosigned(signal);
    if (checkpoint === undefined) throw new UnverifiedLogError('witnesses');
    return checkpoint;
  }

  async #advanceIfCosigned(signal: AbortSignal | undefined): Promise<SeenCheckpoint | undefined> {
    this.#checkUse(signal);
    const checkpoint = await this.#unlessEnded(this.#follower.advance(), signal);
    this.#places.restore(await this.#unlessEnded(this.#follower.places(), signal));
    return checkpoint;
  }

  /** Work that others may wait for too, so that nobody may abort it: he only goes. */
  #unlessEnded<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
    const closed = this.#closing.signal;
    return unlessAborted(work, signal === undefined ? closed : AbortSignal.any([signal, closed]));
  }

  async #remember(places: readonly VerifiedPlace[]): Promise<void> {
    this.#places.add(places);
    await this.#follower.keepPlaces(this.#places.last(PLACES_KEPT));
  }

  async #isWitnessed(id: CommandId, options: CallOptions): Promise<boolean> {
    await this.#advanceIfCosigned(options.signal);
    const { ledger, verifiers } = this.#options;
    const proof = await ledger.prove(id, options);
    const proven = verifyProof(proof, { verifiers, genesis: this.genesis });
    if (proven.id !== id) throw new UnverifiedLogError('command');
    return this.#follower.covers(parseProof(proof).checkpoint, proven.index);
  }

  #pause(signal: AbortSignal | undefined): Promise<void> {
    return pause(this.#options.pollInterval ?? 1000, [signal, this.#closing.signal]);
  }
}

/**
 * A ledger of which only what enough witnesses have cosigned is believed: entries come when a cosigned checkpoint covers
 * them, every checkpoint continues the one before, and none is older. `final` of a submission waits for the same.
 *
 * `entries` and `head` throw UnverifiedLogError with `witnesses` (retryable) when there is no cosigned checkpoint, or none
 * that is young enough; those who follow wait. LedgerRewrittenError tells of a log that went back, or split. A read
 * begins where a recent one was, also over a restart; one that begins further back hashes the log from its beginning, and
 * so does one whose `state` names a wrong place, which is then put right. A `state` that does not hold what was accepted,
 * signed, is refused with MalformedObjectError or UnverifiedLogError.
 * What lies between two checkpoints is held in memory until it is verified.
 *
 * Which entry a cursor names is the ledger's word where no place that was verified here says it: who resumes with a cursor
 * that he has kept has his last entry given again and compares it, as views do.
 *
 * @throws RangeError for a quorum that the witnesses can not reach, or two witnesses of one key.
 */
export function witnessedLedger(options: WitnessedLedgerOptions): Ledger {
  return new WitnessedLedger(options);
}
