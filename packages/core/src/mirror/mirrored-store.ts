import type { Hex } from '@medseal/protocol';
import { AbsentError, StoreUnavailableError } from '../errors/store-errors.ts';
import { abortable, throwIfAborted, unlessAborted } from '../lib/abort.ts';
import { requireRange } from '../lib/require-range.ts';
import type { CallOptions } from '../ports/call-options.ts';
import type { BlobRef, PutOptions, ReadOptions, Store } from '../ports/store.ts';
import { askCopies, deleteAtCopies } from './ask-copies.ts';
import { Bandwidth } from './bandwidth.ts';
import { causeOf, type CopyFault } from './conclude.ts';
import { Copy, type CopyHealth } from './copy.ts';
import { within } from './deadline.ts';
import { inspectCopy } from './inspect-copy.ts';
import { type CopiesToRead, readRange, readWhole } from './read-copies.ts';
import { type RepairEvent, type RepairJob, RepairQueue } from './repair-queue.ts';
import { restoreCopy } from './restore-copy.ts';
import { mergeLocators } from './mirror-locator.ts';
import { type MirrorReport, type MirrorScrubOptions, scrubCopies } from './scrub-copies.ts';
import { type MirrorOptions, mirrorSettings, type MirrorSettings } from './settings.ts';
import { writeCopies } from './write-copies.ts';

/** How repairs stand. */
export interface RepairStatus {
  /** Not begun, or to be tried again. */
  readonly waiting: number;
  readonly running: number;
  /** All that have ended, oldest first; the latest 1000. */
  readonly ended: readonly RepairEvent[];
}

export interface MirroredStoreOptions extends MirrorOptions {
  /** Told of every repair that has ended. */
  readonly onRepair?: ((event: RepairEvent) => void) | undefined;
}

export interface MirroredStore extends Store {
  /** How the copies behaved of late. */
  readonly health: readonly CopyHealth[];
  readonly repairs: RepairStatus;
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
 * What a copy lacks or has damaged is restored in the background. Stores that were passed in stay the caller's to close.
 *
 * It remembers the references of what it has put and given out, some 300 bytes each, for `scrub` and for repairs.
 *
 * A deleted object stays deleted as long as this mirror lives: it keeps the digests. After a restart, a copy that was out
 * of reach when the object was deleted has it again; nobody restores it from there unless somebody reads or scrubs it.
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
  readonly #copies: readonly Copy[];
  readonly #settings: MirrorSettings;
  readonly #bandwidth: Bandwidth;
  readonly #queue: RepairQueue;
  readonly #onRepair: ((event: RepairEvent) => void) | undefined;
  readonly #known = new Map<Hex, BlobRef>();
  readonly #deleted = new Set<Hex>();
  /** How many puts of an object are on their way to their end. */
  readonly #ending = new Map<Hex, number>();
  readonly #background = new Set<Promise<void>>();
  readonly #ended: RepairEvent[] = [];

  constructor(stores: Readonly<Record<string, Store>>, options: MirroredStoreOptions) {
    this.#copies = Object.entries(stores).map(([name, store]) => new Copy(name, store));
    this.#settings = mirrorSettings(this.#copies.length, options);
    this.#bandwidth = new Bandwidth(this.#settings.bytesPerSecond);
    this.#onRepair = options.onRepair;
    const erases = this.#copies.every(({ store }) => store.supports.delete === 'erase');
    this.supports = { delete: erases ? 'erase' : 'unlink', copies: this.#copies.length };
    const { concurrency, attempts } = this.#settings;
    const run = (job: RepairJob, signal: AbortSignal): Promise<'done' | 'needless'> => this.#repair(job, signal);
    this.#queue = new RepairQueue({ concurrency, attempts, run, onEvent: (event) => this.#end(event) });
  }

  get health(): readonly CopyHealth[] {
    return this.#copies.map((copy) => copy.health);
  }

  get repairs(): RepairStatus {
    return { waiting: this.#queue.waiting, running: this.#queue.running, ended: [...this.#ended] };
  }

  async put(blob: AsyncIterable<Uint8Array>, options: PutOptions = {}): Promise<BlobRef> {
    let again = false;
    let givenUp: readonly RepairJob[] = [];
    let digest: Hex | undefined;
    try {
      const ref = await writeCopies(
        {
          copies: this.#copies,
          settings: this.#settings,
          onDigest: async (found) => {
            digest = found;
            this.#ending.set(found, (this.#ending.get(found) ?? 0) + 1);
            again = this.#deleted.delete(found);
            // A deletion that is still at work would take the new object away.
            if (again) givenUp = await this.#queue.cancel(found);
          },
          isOnlyOurs: (ours) => (this.#ending.get(ours) ?? 0) <= 1 && !this.#known.has(ours),
          onMissed: (copy, missed) => this.#mend(copy, missed),
          onLate: (copy, late) => {
            if (this.#deleted.has(late.digest)) this.#mend(copy, late);
            else this.#know(late);
          },
          inBackground: (work) => this.#follow(work),
        },
        blob,
        options,
      );
      this.#know(ref);
      return ref;
    } catch (error) {
      if (again && digest !== undefined) this.#deleted.add(digest);
      for (const job of givenUp) this.#queue.add(job);
      throw error;
    } finally {
      if (digest !== undefined) this.#putEnded(digest);
    }
  }

  async *get(ref: BlobRef, { signal, start, end, attempt = 0 }: ReadOptions = {}): AsyncGenerator<Uint8Array> {
    throwIfAborted(signal);
    const range = requireRange(start ?? 0, end ?? ref.size, ref.size);
    if (this.#deleted.has(ref.digest)) throw new AbsentError('The object was deleted');
    const whole = range.start === 0 && range.end === ref.size;
    const from = this.#reading(ref, attempt);
    const known = this.#whereabouts(ref);
    const pieces = whole ? readWhole(from, known, { signal }) : readRange(from, known, { ...range, signal });
    yield* abortable(pieces, signal);
    this.#know(ref);
  }

  async has(ref: BlobRef, { signal }: CallOptions = {}): Promise<boolean> {
    throwIfAborted(signal);
    if (this.#deleted.has(ref.digest)) return false;
    const asking = askCopies(this.#copies, this.#whereabouts(ref), { timeout: this.#settings.timeout, signal });
    const { found, faults } = await unlessAborted(asking, signal);
    throwIfAborted(signal);
    if (found) return true;
    for (const { copy } of faults) copy.failed();
    if (faults.length === 0) return false;
    throw new StoreUnavailableError('Some copies do not answer', { cause: causeOf(faults) });
  }

  /**
   * @throws StoreUnavailableError naming the copies that still have it: they are tried again in the background, unless it
   *   is all of them at the first call, and then nothing was deleted.
   */
  async delete(ref: BlobRef, { signal }: CallOptions = {}): Promise<void> {
    throwIfAborted(signal);
    const deleting = this.#deleteAtAll(ref, signal);
    this.#follow(deleting);
    const faults = await unlessAborted(deleting, signal);
    throwIfAborted(signal);
    if (faults.length === 0) return;
    const names = faults.map(({ copy }) => copy.name).join(', ');
    throw new StoreUnavailableError(`Not deleted at: ${names}`, { cause: causeOf(faults) });
  }

  async settled({ signal }: CallOptions = {}): Promise<void> {
    while (this.#background.size > 0 || this.#queue.running + this.#queue.waiting > 0)
      await unlessAborted(Promise.all([...this.#background, this.#queue.settled()]), signal);
  }

  scrub(options: MirrorScrubOptions = {}): Promise<MirrorReport> {
    const to = {
      copies: this.#copies,
      timeout: this.#settings.timeout,
      isDeleted: (digest: Hex) => this.#deleted.has(digest),
      restore: async (copy: Copy, ref: BlobRef, signal: AbortSignal | undefined): Promise<void> => {
        await this.#restore(copy, ref, signal ?? new AbortController().signal);
        this.#end({ copy: copy.name, digest: ref.digest, task: 'restore', outcome: 'done' });
      },
      remove: (copy: Copy, ref: BlobRef, signal: AbortSignal | undefined) => this.#remove(copy, ref, signal),
    };
    return scrubCopies(to, options.refs ?? [...this.#known.values()], options);
  }

  /** Ends what goes on in the background. The copies stay open: they are the caller's. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#queue.close();
    await Promise.all(this.#background);
  }

  async #deleteAtAll(ref: BlobRef, signal: AbortSignal | undefined): Promise<readonly CopyFault[]> {
    const known = this.#whereabouts(ref);
    const before = this.#deleted.has(ref.digest);
    // First, so that no repair brings back what is being deleted.
    this.#deleted.add(ref.digest);
    await this.#queue.cancel(ref.digest);
    const faults = await deleteAtCopies(this.#copies, known, { timeout: this.#settings.timeout, signal });
    if (signal?.aborted !== true) for (const { copy } of faults) copy.failed();
    if (faults.length === this.#copies.length && !before) this.#deleted.delete(ref.digest);
    else {
      this.#deleted.add(ref.digest);
      this.#known.delete(ref.digest);
      for (const { copy } of faults) this.#queue.add({ copy, ref: known, task: 'delete' });
    }
    return faults;
  }

  #reading(ref: BlobRef, attempt: number): CopiesToRead {
    const onSuspect = (copy: Copy): void => this.#mend(copy, ref);
    // Somebody has seen bytes that are not authentic, and nobody knows from which copy: all are looked at.
    if (attempt === 1) for (const copy of this.#copies) onSuspect(copy);
    const preferred = attempt > 0 ? this.#copies[(attempt - 1) % this.#copies.length] : undefined;
    return { copies: this.#copies, settings: this.#settings, onSuspect, preferred };
  }

  /** Brings a copy to where it should be: with the object, or without it when that was deleted meanwhile. */
  #mend(copy: Copy, ref: BlobRef): void {
    const task = this.#deleted.has(ref.digest) ? 'delete' : 'restore';
    this.#queue.add({ copy, ref: this.#whereabouts(ref), task });
  }

  async #repair({ copy, ref, task }: RepairJob, signal: AbortSignal): Promise<'done' | 'needless'> {
    if (task === 'delete') return (await this.#remove(copy, ref, signal)) ? 'done' : 'needless';
    const { state, error } = await inspectCopy(copy, ref, { timeout: this.#settings.timeout, signal });
    if (state === 'unreachable') throw error;
    if (state === 'whole') return 'needless';
    await this.#restore(copy, ref, signal);
    return 'done';
  }

  async #restore(copy: Copy, ref: BlobRef, signal: AbortSignal): Promise<void> {
    const from = { copies: this.#copies, settings: this.#settings, onSuspect: (): void => {} };
    const restored = await restoreCopy(copy, ref, { from, bandwidth: this.#bandwidth, signal });
    if (!this.#deleted.has(ref.digest)) this.#know(restored);
  }

  async #remove(copy: Copy, ref: BlobRef, signal: AbortSignal | undefined): Promise<boolean> {
    const { timeout } = this.#settings;
    const had = await within(timeout, copy.store.has(copy.refOf(ref), { signal }));
    if (had) await within(timeout, copy.store.delete(copy.refOf(ref), { signal }));
    return had;
  }

  #know(ref: BlobRef): void {
    this.#known.set(ref.digest, this.#whereabouts(ref));
  }

  /** With the locators of copies that got the object after its ref was made. */
  #whereabouts(ref: BlobRef): BlobRef {
    const known = this.#known.get(ref.digest);
    return known === undefined ? ref : { ...ref, locator: mergeLocators(known.locator, ref.locator) };
  }

  #putEnded(digest: Hex): void {
    const others = (this.#ending.get(digest) ?? 1) - 1;
    if (others === 0) this.#ending.delete(digest);
    else this.#ending.set(digest, others);
  }

  #follow(work: Promise<unknown>): void {
    const followed: Promise<void> = Promise.allSettled([work]).then(() => void this.#background.delete(followed));
    this.#background.add(followed);
  }

  #end(event: RepairEvent): void {
    this.#ended.push(event);
    if (this.#ended.length > EVENTS) this.#ended.shift();
    this.#onRepair?.(event);
  }
}
