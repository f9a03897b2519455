import { StoreUnavailableError } from '../errors/store-errors.ts';
import { throwIfAborted, unlessAborted } from '../lib/abort.ts';
import { requireRange } from '../lib/require-range.ts';
import { tell } from '../lib/tell.ts';
import { memoryMirrorState } from '../memory/memory-mirror-state.ts';
import type { CallOptions } from '../ports/call-options.ts';
import type { CopyDebt, MirrorState } from '../ports/mirror-state.ts';
import type { BlobRef, PutOptions, ReadOptions, Store } from '../ports/store.ts';
import { causeOf } from './conclude.ts';
import type { CopyHealth } from './copy.ts';
import { deleteObject } from './delete-object.ts';
import { getObject } from './get-object.ts';
import { hasObject } from './has-object.ts';
import { makeParts } from './make-parts.ts';
import type { MirrorParts } from './mirror-parts.ts';
import { wakeDebts } from './pay-debts.ts';
import { putObject } from './put-object.ts';
import type { RepairEvent } from './repair-queue.ts';
import type { MirrorReport, MirrorScrubOptions } from './scrub-copies.ts';
import { scrubMirror } from './scrub-mirror.ts';
import { type MirrorOptions, mirrorSettings } from './settings.ts';
import { StateCalls } from './state-calls.ts';

/** How repairs stand. */
export interface RepairStatus {
  /** Not begun, or to be tried again. */
  readonly waiting: number;
  readonly running: number;
  /** All that have ended, oldest first; the latest 1000. */
  readonly ended: readonly RepairEvent[];
}

export interface MirroredStoreOptions extends MirrorOptions {
  /** Where it stands what the mirror owes its copies: by default in memory, which a restart forgets. */
  readonly state?: MirrorState | undefined;
  /** Told of every repair that has ended. What it throws is ignored. */
  readonly onRepair?: ((event: RepairEvent) => void) | undefined;
}

export interface MirroredStore extends Store {
  /** How the copies behaved of late. */
  readonly health: readonly CopyHealth[];
  readonly repairs: RepairStatus;
  /** What copies have missed and not made up for: deletions, and objects that they did not take. */
  owed(options?: CallOptions): Promise<readonly CopyDebt[]>;
  /** Resolves when no repair waits or runs, and no copy is behind with a put. */
  settled(options?: CallOptions): Promise<void>;
  /** Reads every object at every copy, restores what is missing or damaged, and tells what it found. */
  scrub(options?: MirrorScrubOptions): Promise<MirrorReport>;
}

/**
 * One store over several copies. `put` writes to all and resolves when a quorum has the object. `get` reads the
 * quickest healthy copy and goes on from another when one fails; a whole object ends normally only with the right digest.
 * Ranges cannot be compared with the digest of the whole: the payload's encryption protects them, and where a chunk does
 * not open, `openRecord` asks for another copy's.
 *
 * What a copy lacks or has damaged is restored in the background. A deletion is written to `state` before any copy is
 * asked, and stands there until every copy has confirmed it: no read, repair or scrub brings the object back from one
 * that missed it. Stores and state that were passed in stay the caller's to close.
 *
 * Disposal waits until the state has what it was given. It fails with StoreUnavailableError when the state keeps silent
 * for `timeout`: then copies may be owed what is written nowhere, for a scrub to find, and nobody may use the state before
 * it was closed and opened again.
 *
 * It remembers the references of what it has put and given out, some 300 bytes each, for `scrub` and for repairs.
 *
 * @param stores the copies, each under a name that stays the same
 * @throws RangeError when an option makes no sense
 */
export function mirroredStore(
  stores: Readonly<Record<string, Store>>,
  options: MirroredStoreOptions = {},
): MirroredStore {
  return new Mirror(stores, options);
}

const EVENTS = 1000;

class Mirror implements MirroredStore {
  readonly supports: Store['supports'];
  readonly #parts: MirrorParts;
  readonly #state: StateCalls;
  readonly #onRepair: ((event: RepairEvent) => void) | undefined;
  readonly #ended: RepairEvent[] = [];

  constructor(stores: Readonly<Record<string, Store>>, options: MirroredStoreOptions) {
    const { state = memoryMirrorState(), onRepair } = options;
    const settings = mirrorSettings(Object.keys(stores).length, options);
    this.#onRepair = onRepair;
    this.#state = new StateCalls(state, settings.timeout);
    this.#parts = makeParts(stores, { settings, state: this.#state, onEvent: (event) => this.#end(event) });
    // A copy that is out of reach may keep the bytes for a while after a deletion that a durable state has taken.
    const erases = !state.durable && Object.values(stores).every(({ supports }) => supports.delete === 'erase');
    this.supports = { delete: erases ? 'erase' : 'unlink', copies: this.#parts.copies.length };
    this.#parts.background.follow(this.#ready());
  }

  get health(): readonly CopyHealth[] {
    return this.#parts.copies.map((copy) => copy.health);
  }

  get repairs(): RepairStatus {
    const { waiting, running } = this.#parts.queue;
    return { waiting, running, ended: [...this.#ended] };
  }

  async put(blob: AsyncIterable<Uint8Array>, options: PutOptions = {}): Promise<BlobRef> {
    await this.#ready(options);
    return putObject(this.#parts, blob, options);
  }

  async *get(ref: BlobRef, { signal, start, end, attempt, reuse }: ReadOptions = {}): AsyncGenerator<Uint8Array> {
    throwIfAborted(signal);
    const range = requireRange(start ?? 0, end ?? ref.size, ref.size);
    await this.#ready({ signal });
    yield* getObject(this.#parts, ref, range, { signal, attempt, reuse });
  }

  async has(ref: BlobRef, { signal }: CallOptions = {}): Promise<boolean> {
    await this.#ready({ signal });
    return hasObject(this.#parts, ref, signal);
  }

  /**
   * Resolves when no copy can bring the object back any more: all have confirmed, or a durable state has it down for
   * those that have not.
   *
   * @throws StoreUnavailableError naming the copies that have not confirmed, when it is all of them and nothing was
   *   deleted, or when the state would not survive a restart. In that case the object is absent from now on, and they
   *   are tried again in the background.
   */
  async delete(ref: BlobRef, { signal }: CallOptions = {}): Promise<void> {
    await this.#ready({ signal });
    const { background, debts } = this.#parts;
    const deleting = deleteObject(this.#parts, ref, signal);
    background.follow(deleting);
    const { faults, stands } = await unlessAborted(deleting, signal);
    throwIfAborted(signal);
    if (faults.length === 0 || (stands && debts.durable)) return;
    const names = faults.map(({ copy }) => copy.name).join(', ');
    throw new StoreUnavailableError(`Not deleted at: ${names}`, { cause: causeOf(faults) });
  }

  async owed(options: CallOptions = {}): Promise<readonly CopyDebt[]> {
    await this.#ready(options);
    return this.#parts.debts.all();
  }

  async settled({ signal }: CallOptions = {}): Promise<void> {
    const { background, queue } = this.#parts;
    while (background.busy || queue.running + queue.waiting > 0)
      await unlessAborted(Promise.all([background.ended(), queue.settled()]), signal);
  }

  async scrub(options: MirrorScrubOptions = {}): Promise<MirrorReport> {
    await this.#ready(options);
    return scrubMirror(this.#parts, options, (event) => this.#end(event));
  }

  /** Ends what goes on in the background. The copies and the state stay open: they are the caller's. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#state.end();
    await this.#parts.queue.close();
    await this.#parts.background.ended();
    // Also what puts under way write down, which are not waited for: from here on the caller may close the state.
    await this.#state.answered();
  }

  /** Knows what is owed, and has taken up again what can be paid. */
  async #ready({ signal }: CallOptions = {}): Promise<void> {
    throwIfAborted(signal);
    await unlessAborted(this.#parts.debts.load(), signal);
    throwIfAborted(signal);
    wakeDebts(this.#parts);
  }

  #end(event: RepairEvent): void {
    if (event.outcome === 'failed') this.#parts.debts.rest(event.copy, event.digest);
    this.#ended.push(event);
    if (this.#ended.length > EVENTS) this.#ended.shift();
    tell(this.#onRepair, event);
  }
}
