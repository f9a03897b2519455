import { createHash } from 'node:crypto';
import { constants, type FileHandle, open, stat, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import {
  abortable,
  AbsentError,
  type BlobRef,
  type CallOptions,
  type PutOptions,
  type ReadOptions,
  requireRange,
  type Store,
  UnfaithfulStoreError,
  unlessAborted,
} from '@medseal/core/adapter';
import type { Hex } from '@medseal/protocol';
import { abortableUntil } from './abortable-until.ts';
import { FolderMaker, syncFolder } from './durable-folder.ts';
import { type FolderOptions, FolderRoot } from './folder-root.ts';
import { io, isMissing, outage, unlessMissing } from './io.ts';
import { objectDigests, objectName, objectPath } from './object-path.ts';
import { readStream } from './read-stream.ts';
import { scrubObjects, type ScrubOptions, type ScrubReport } from './scrub-objects.ts';
import { HEARTBEAT, removeOrphans, temporaryFile } from './temporary-file.ts';
import { writeStream } from './write-stream.ts';

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
    return abortableUntil(options.signal, (commit) => this.#put(blob, options, commit));
  }

  async #put(
    blob: AsyncIterable<Uint8Array>,
    { signal, digest: known, recycle }: PutOptions,
    commit: () => void,
  ): Promise<BlobRef> {
    await this.#root.open();
    // Or the folder that the disk was mounted on takes it.
    await this.#root.requirePresent();
    signal?.throwIfAborted();
    const file = await temporaryFile(await io(this.#folders.make(this.#root.path, 'temporary')));
    try {
      const hash = createHash('sha256');
      const hashPiece = known === undefined ? (piece: Uint8Array): void => void hash.update(piece) : (): void => {};
      const size = await writeStream(file.handle, abortable(blob, signal), { onPiece: hashPiece, recycle });
      const digest: Hex = known?.() ?? `0x${hash.digest('hex')}`;
      const name = objectName(digest);
      await io(file.handle.sync());
      const folder = await io(this.#folders.make(this.#root.path, 'objects', ...name.folders));
      // From here on the object is visible: an abort comes too late, and would leave the caller without its ref.
      commit();
      await file.commit(join(folder, name.file));
      return refOf(digest, size);
    } catch (error) {
      this.#folders.forget();
      await file.discard();
      throw error;
    }
  }

  async *get(ref: BlobRef, { signal, start, end, reuse }: ReadOptions = {}): AsyncGenerator<Uint8Array> {
    signal?.throwIfAborted();
    const opening = this.#openObject(ref);
    const handle = await unlessAborted(opening, signal).catch((error: unknown) => {
      opening.then((late) => late.close()).catch(() => {});
      throw error;
    });
    try {
      const { size } = await unlessAborted(io(handle.stat()), signal);
      let range = { start: 0, end: size };
      if (start !== undefined || end !== undefined) {
        range = requireRange(start ?? 0, end ?? ref.size, ref.size);
        if (range.end > size) throw new UnfaithfulStoreError('The file is shorter than the object');
      }
      yield* abortable(readStream(handle, range.start, range.end, reuse), signal);
    } finally {
      const closing = handle.close().catch(() => {});
      // It waits for reads that are under way, and those may be what the caller has had enough of.
      if (signal?.aborted !== true) await unlessAborted(closing, signal);
    }
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

  async #openObject({ digest }: BlobRef): Promise<FileHandle> {
    const path = objectPath(this.#objects, digest);
    await this.#root.open();
    try {
      // No links: an object is a file of this folder.
      return await open(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0));
    } catch (error) {
      if (!isMissing(error)) throw outage(error);
      await this.#root.requirePresent();
      throw new AbsentError('The store has no such object');
    }
  }
}

function refOf(digest: Hex, size: number): BlobRef {
  return { digest, size, locator: `file:${digest.slice(2)}` };
}
