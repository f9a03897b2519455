import type { Hex } from '@medseal/protocol';
import { StoreUnavailableError, UnfaithfulStoreError } from '../errors/store-errors.ts';
import type { BlobRef } from '../ports/store.ts';
import type { Copy } from './copy.ts';
import { pause, silent, within } from './deadline.ts';
import { Feed } from './feed.ts';
import type { MirrorSettings } from './settings.ts';

/** What a put knows of its bytes at their end. */
export type Measured = Omit<BlobRef, 'locator'>;

/** Does something to an object while nobody gives it to a copy; nothing where somebody else has put the same. */
export type RunAlone = (digest: Hex, work: () => Promise<void>) => Promise<void>;

/** One copy's part in a put. Never rejects: how it went stands in `ref` and `failure`. */
export class CopyWriter {
  readonly copy: Copy;
  readonly #feed: Feed;
  readonly #timeout: number;
  readonly #giveBack: (piece: Uint8Array) => void;
  /** Pieces that the copy may look at. */
  readonly #held = new WeakSet<Uint8Array>();
  readonly #abort = new AbortController();
  readonly #put: Promise<void>;
  /** Resolves when the copy has the object, or cannot get it any more. */
  readonly #over = Promise.withResolvers<void>();
  #patience: number;
  #measured: Measured | undefined;
  #hadBefore = true;
  #ending: Promise<void> | undefined;
  #ref: BlobRef | undefined;
  #failure: { readonly error: unknown } | undefined;

  /** @param giveBack is told of each piece that the copy has done with. */
  constructor(
    copy: Copy,
    { timeout, slack }: Pick<MirrorSettings, 'timeout' | 'slack'>,
    giveBack: (piece: Uint8Array) => void,
  ) {
    this.copy = copy;
    this.#giveBack = giveBack;
    this.#feed = new Feed(slack);
    this.#timeout = timeout;
    this.#patience = timeout;
    this.#put = this.#run();
  }

  /** What the copy said of the object that it has now. */
  get ref(): BlobRef | undefined {
    return this.#ref;
  }

  /** Why the copy has not got the object and will not. */
  get missed(): { readonly error: unknown } | undefined {
    return this.#ref === undefined ? this.#failure : undefined;
  }

  get failed(): boolean {
    return this.#failure !== undefined;
  }

  get settled(): boolean {
    return this.failed || this.#ref !== undefined;
  }

  get hasRoom(): boolean {
    return this.#feed.hasRoom;
  }

  push(piece: Uint8Array): void {
    if (this.failed) return;
    this.#held.add(piece);
    this.#feed.push(piece);
  }

  /** Waits for room as long as the copy takes anything at all. */
  async room(): Promise<void> {
    await within(this.#timeout, this.#feed.room()).catch(() => this.#fault(silent()));
  }

  /** Waits for room for what is left of the time that this copy may hold up the others. */
  async roomWithinPatience(): Promise<void> {
    const started = performance.now();
    await within(this.#patience, this.#feed.room()).catch(() => this.#fault(silent()));
    this.#patience = Math.max(0, this.#patience - (performance.now() - started));
  }

  /** All bytes were given: what remains is the copy's to do. */
  end(measured: Measured): void {
    if (this.failed) return;
    this.#measured = measured;
    this.copy.taking.add(measured.digest, this.#over.promise);
    this.#ending = this.#end(measured);
  }

  /** Resolves when the copy has the object or has failed: it may take its time while it takes pieces. */
  async finished(): Promise<void> {
    await this.#ending;
    while (!this.settled && this.#feed.waiting > 0)
      await within(this.#timeout, Promise.race([this.#feed.changed, this.#put])).catch(() => this.#fault(silent()));
    await within(this.#timeout, this.#put).catch(() => this.#fault(silent()));
  }

  /**
   * The put has failed as a whole: nothing of it is to stay. Waits for the copy no longer than the timeout; what it still
   * takes after that is taken away then.
   */
  async undo(reason: unknown, alone: RunAlone): Promise<void> {
    this.#giveUp(reason);
    const waiting = new AbortController();
    await Promise.race([this.#remove(alone), pause(this.#timeout, waiting.signal)]);
    waiting.abort();
  }

  /** Asks first whether the copy had the object before, so that `undo` takes away nothing else. */
  async #end(measured: Measured): Promise<void> {
    const { signal } = this.#abort;
    try {
      await this.copy.readyFor(measured, { timeout: this.#timeout, signal });
    } catch (error) {
      this.#fault(error);
      return;
    }
    try {
      const asking = this.copy.store.has({ ...measured, locator: '' }, { signal });
      this.#hadBefore = await within(this.#timeout, asking);
    } catch {
      // In doubt it had.
      this.#hadBefore = true;
    }
    this.#feed.end();
  }

  async #remove(alone: RunAlone): Promise<void> {
    await this.#put;
    const ref = this.#ref;
    if (ref === undefined || this.#hadBefore) return;
    await alone(ref.digest, () => this.copy.delete(ref, { timeout: this.#timeout }).catch(() => {}));
  }

  async #run(): Promise<void> {
    try {
      const ref = await this.copy.store.put(this.#feed.stream(), {
        signal: this.#abort.signal,
        digest: () => this.#requireMeasured().digest,
        recycle: (piece) => {
          // Once: others may still look at it, whatever this copy says.
          if (this.#held.delete(piece)) this.#giveBack(piece);
        },
      });
      const { digest, size } = this.#requireMeasured();
      if (ref.digest !== digest || ref.size !== size)
        throw new UnfaithfulStoreError('The copy says it keeps another object than it was given');
      // Also after it was given up: what is there must be known, so that it can be taken away.
      this.#ref = ref;
      if (!this.failed) this.copy.answered();
    } catch (error) {
      this.#fault(error);
    } finally {
      this.#over.resolve();
    }
  }

  #requireMeasured(): Measured {
    if (this.#measured === undefined) throw new StoreUnavailableError('The copy did not take the whole object');
    return this.#measured;
  }

  /** The copy's own fault, which counts for its health. */
  #fault(error: unknown): void {
    if (this.failed) return;
    this.copy.failed();
    this.#giveUp(error);
  }

  #giveUp(error: unknown): void {
    if (this.failed) return;
    this.#failure = { error };
    this.#feed.fail(error);
    if (!this.#feed.taken) this.#over.resolve();
    this.#abort.abort(error);
  }
}
