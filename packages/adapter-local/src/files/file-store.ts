import { stat, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import {
  abortable,
  type BlobRef,
  type CallOptions,
  type PutOptions,
  type ReadOptions,
  type Store,
  unlessAborted,
} from '@medseal/core/adapter';
import type { Hex } from '@medseal/protocol';
import { abortableUntil } from './abortable-until.ts';
import { FolderMaker, syncFolder } from './durable-folder.ts';
import { type FolderOptions, FolderRoot } from './folder-root.ts';
import { io, unlessMissing } from './io.ts';
import { objectDigests, objectPath } from './object-path.ts';
import { readObject } from './read-object.ts';
import { scrubObjects, type ScrubOptions, type ScrubReport } from './scrub-objects.ts';
import { HEARTBEAT, removeOrphans } from './temporary-file.ts';
import { writeObject } from './write-object.ts';

export interface SweepOptions {
  /** Milliseconds without a sign of life after which a writer counts as dead: an hour by default, at least 2 minutes. */
  readonly olderThan?: number | undefined;
}

/** Fewer would take the file from under a writer whose machine is merely busy. */
const LEAST_AGE = 4 * HEARTBEAT;
const USUAL_AGE = 3_600_000;

export interface FileStore extends Store {
  /** All objects that lie here, in no order that means anything. A damaged one has the size that it has now. */
  refs(options?: CallOptions): AsyncIterable<BlobRef>;
  /**
   * Removes what crashed writers left behind; nobody ever saw it. A writer that lives, in whatever process or machine
   * with a clock that is roughly right, gives a sign of life every 30 seconds.
   *
   * @returns how many files
   */
  sweep(options?: SweepOptions): Promise<number>;
  /** Reads everything and reports the objects that are not what they were. `mirroredStore` can restore them. */
  scrub(options?: ScrubOptions): Promise<ScrubReport>;
}

/**
 * A store in a folder: one file an object, named after its digest. `put` resolves when the object would survive a crash;
 * until then nobody sees it. Several processes may use one folder at the same time. `get` hands out what the disk gives:
 * who reads the whole compares the digest (`openRecord` and `mirroredStore` do), who reads a range has the payload's
 * authenticated encryption. `delete` removes the name of a file. What journals, snapshots, flash cells and backups keep
 * of its bytes is beyond a program, so erasing is left to the headers.
 *
 * Signals are heard while the disk is silent, until a file gets its name or loses it: that cannot be called back. What was
 * begun for a caller who has gone is removed when the disk comes back.
 *
 * @throws AbsentError where an object is missing, StoreUnavailableError for whatever the file system refuses.
 */
export function fileStore(options: FolderOptions): FileStore {
  return new FolderStore(options);
}

class FolderStore implements FileStore {
  readonly supports = { delete: 'unlink' } as const;
  readonly #root: FolderRoot;
  readonly #folders = new FolderMaker();
  readonly #objects: string;

  constructor(options: FolderOptions) {
    this.#root = new FolderRoot(options, 'file store');
    this.#objects = join(options.directory, 'objects');
  }

  put(blob: AsyncIterable<Uint8Array>, options: PutOptions = {}): Promise<BlobRef> {
    const [root, folders] = [this.#root, this.#folders];
    return abortableUntil(options.signal, async (commit) => {
      const { digest, size } = await writeObject(blob, options, { root, folders, commit });
      return refOf(digest, size);
    });
  }

  get(ref: BlobRef, options: ReadOptions = {}): AsyncGenerator<Uint8Array> {
    return readObject({ root: this.#root, objects: this.#objects }, ref, options);
  }

  async has(ref: BlobRef, { signal }: CallOptions = {}): Promise<boolean> {
    signal?.throwIfAborted();
    return unlessAborted(this.#has(ref), signal);
  }

  async #has({ digest }: BlobRef): Promise<boolean> {
    const path = objectPath(this.#objects, digest);
    await this.#root.open();
    const found = await unlessMissing(stat(path));
    if (found === undefined) await this.#root.requirePresent();
    return found?.isFile() === true;
  }

  delete(ref: BlobRef, { signal }: CallOptions = {}): Promise<void> {
    return abortableUntil(signal, (commit) => this.#delete(ref, commit));
  }

  async #delete({ digest }: BlobRef, commit: () => void): Promise<void> {
    const path = objectPath(this.#objects, digest);
    await this.#root.open();
    // A disk that is silent keeps silent here, where the caller can still go.
    await this.#root.requirePresent();
    commit();
    if ((await unlessMissing(unlink(path).then(() => true))) === undefined) await this.#root.requirePresent();
    // Also where it was missing: whoever unlinked it may not have come so far.
    await unlessMissing(syncFolder(dirname(path)));
  }

  refs({ signal }: CallOptions = {}): AsyncGenerator<BlobRef> {
    return abortable(this.#refs(), signal);
  }

  async *#refs(): AsyncGenerator<BlobRef> {
    await this.#root.open();
    for await (const digest of objectDigests(this.#objects)) {
      const found = await unlessMissing(stat(objectPath(this.#objects, digest)));
      if (found?.isFile() === true) yield refOf(digest, found.size);
    }
    // A disk that went away meanwhile looks like the end of the list.
    await this.#root.requirePresent();
  }

  async sweep({ olderThan = USUAL_AGE }: SweepOptions = {}): Promise<number> {
    if (!(olderThan >= LEAST_AGE)) throw new RangeError(`olderThan must be at least ${LEAST_AGE} ms`);
    await this.#root.open();
    await this.#root.requirePresent();
    return removeOrphans(await io(this.#folders.make(this.#root.path, 'temporary')), Date.now() - olderThan);
  }

  async scrub(options: ScrubOptions = {}): Promise<ScrubReport> {
    options.signal?.throwIfAborted();
    return unlessAborted(this.#scrub(options), options.signal);
  }

  async #scrub(options: ScrubOptions): Promise<ScrubReport> {
    await this.#root.open();
    const report = await scrubObjects(this.#objects, options);
    await this.#root.requirePresent();
    return report;
  }

  /** Nothing is held open between calls. */
  async [Symbol.asyncDispose](): Promise<void> {}
}

function refOf(digest: Hex, size: number): BlobRef {
  return { digest, size, locator: `file:${digest.slice(2)}` };
}
