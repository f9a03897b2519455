import { LedgerRewrittenError } from '../errors/ledger-errors.ts';
import { UnverifiedLogError } from '../errors/unverified-log-error.ts';
import { equalBytes } from '../lib/equal-bytes.ts';
import type { CheckpointSource } from './checkpoint-source.ts';
import type { CheckpointState, SeenCheckpoint } from './checkpoint-state.ts';
import type { NoteVerifier } from './note-verifier.ts';
import { openCheckpoint } from './open-checkpoint.ts';
import { rootOf } from './frontier.ts';
import { loadReaderState, saveReaderState } from './reader-state.ts';
import type { VerifiedPlace } from './verified-places.ts';
import { verifyConsistency } from './verify-consistency.ts';
import { requireWitnesses, type WitnessPolicy } from './witness-policy.ts';

export interface FollowerOptions {
  readonly source: CheckpointSource;
  readonly verifiers: readonly NoteVerifier[];
  /** Which cosignatures count at the moment. */
  readonly policy: () => WitnessPolicy;
  readonly state: CheckpointState | undefined;
}

/** Goes from one cosigned checkpoint of a log to the next, and never back. */
export class CheckpointFollower {
  readonly #options: FollowerOptions;
  #accepted: SeenCheckpoint | undefined;
  #places: readonly VerifiedPlace[] = [];
  #loaded = false;
  #last: Promise<unknown> = Promise.resolve();

  constructor(options: FollowerOptions) {
    this.#options = options;
  }

  /**
   * The furthest checkpoint with enough cosignatures; `undefined` when the log has none.
   *
   * @throws LedgerRewrittenError when the log is shorter than it was, or another one; MalformedObjectError or
   *   UnverifiedLogError for a checkpoint that is not the log's.
   */
  advance(): Promise<SeenCheckpoint | undefined> {
    return this.#inTurn(() => this.#advance());
  }

  /** Verified places that the state gave back, or was given to keep. @throws as loading the state does. */
  places(): Promise<readonly VerifiedPlace[]> {
    return this.#inTurn(async () => {
      await this.#load();
      return this.#places;
    });
  }

  /** Has the state keep these places, within what was accepted, in the place of those before. */
  keepPlaces(places: readonly VerifiedPlace[]): Promise<void> {
    return this.#inTurn(async () => {
      if (this.#accepted === undefined || isSame(places, this.#places)) return;
      await this.#save(this.#accepted, places);
      this.#places = places;
    });
  }

  async #load(): Promise<void> {
    const { state, verifiers } = this.#options;
    if (this.#loaded) return;
    const saved = state && (await loadReaderState(state, verifiers));
    this.#accepted = saved?.accepted;
    this.#places = saved?.places ?? [];
    this.#loaded = true;
  }

  async #save(accepted: SeenCheckpoint, places: readonly VerifiedPlace[]): Promise<void> {
    if (this.#options.state !== undefined) await saveReaderState(this.#options.state, { accepted, places });
  }

  async #advance(): Promise<SeenCheckpoint | undefined> {
    const { source, verifiers } = this.#options;
    await this.#load();
    const open = (note: string): SeenCheckpoint => ({ ...openCheckpoint(note, verifiers), note });
    const newest = open(await source.checkpoint());
    if (newest.size < (this.#accepted?.size ?? 0)) throw new LedgerRewrittenError('The log is shorter than it was');
    // The accepted one too, which still holds when the log has dropped its cosignatures.
    const all = [newest, ...(await source.cosigned()).map(open), ...(this.#accepted ? [this.#accepted] : [])];
    for (const checkpoint of all) this.#requireSameLog(checkpoint);
    const [best] = all.filter(({ note }) => this.#isCosigned(note)).toSorted((a, b) => b.size - a.size);
    // Cosignatures are missing or too old; younger ones may stand under a checkpoint behind the accepted one.
    if (best === undefined || best.size < (this.#accepted?.size ?? 0)) return undefined;
    await this.#accept(best);
    return this.#accepted;
  }

  /**
   * Whether the entry at `index` of the log with this signed checkpoint stands in what was accepted. The checkpoint needs
   * no cosignatures: it must only be of the same log.
   *
   * @throws as `advance`.
   */
  covers(note: string, index: number): Promise<boolean> {
    return this.#inTurn(async () => {
      const accepted = this.#accepted;
      if (accepted === undefined || index >= accepted.size) return false;
      const checkpoint = { ...openCheckpoint(note, this.#options.verifiers), note };
      this.#requireSameLog(checkpoint);
      await this.#requireConsistency(checkpoint, accepted);
      return true;
    });
  }

  #inTurn<T>(run: () => Promise<T>): Promise<T> {
    const done = this.#last.then(run);
    this.#last = done.catch(() => {});
    return done;
  }

  /** Two checkpoints of one size that differ are proof against whoever holds the key of the log. */
  #requireSameLog({ origin, size, root }: SeenCheckpoint): void {
    const accepted = this.#accepted;
    if (accepted === undefined) return;
    if (origin !== accepted.origin || (size === accepted.size && !equalBytes(root, accepted.root)))
      throw new LedgerRewrittenError('The log is not the one that was read before');
  }

  #isCosigned(note: string): boolean {
    try {
      requireWitnesses(note, this.#options.policy());
      return true;
    } catch (error) {
      if (error instanceof UnverifiedLogError && error.failed === 'witnesses') return false;
      throw error;
    }
  }

  async #accept(next: SeenCheckpoint): Promise<void> {
    if (next.note === this.#accepted?.note) return;
    if (this.#accepted !== undefined) await this.#requireConsistency(this.#accepted, next);
    // Before any entry that it covers is believed.
    await this.#save(next, this.#places);
    this.#accepted = next;
  }

  /** Requires that the longer of the two begins with the shorter. */
  async #requireConsistency(one: SeenCheckpoint, other: SeenCheckpoint): Promise<void> {
    const [older, newer] = one.size < other.size ? [one, other] : [other, one];
    const [from, to] = [older.size, newer.size];
    const proof = from === 0 || from === to ? [] : await this.#options.source.consistency(from, to);
    if (!verifyConsistency({ from, to, fromRoot: older.root, toRoot: newer.root, proof }))
      throw new LedgerRewrittenError('The log is not a continuation of the one that was read before');
  }
}

function isSamePlace({ cursor, frontier }: VerifiedPlace, other: VerifiedPlace | undefined): boolean {
  if (cursor !== other?.cursor || frontier.size !== other.frontier.size) return false;
  return equalBytes(rootOf(frontier), rootOf(other.frontier));
}

function isSame(places: readonly VerifiedPlace[], others: readonly VerifiedPlace[]): boolean {
  return places.length === others.length && places.every((place, index) => isSamePlace(place, others[index]));
}
