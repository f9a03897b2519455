import { readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import {
  type CallOptions,
  type Directory,
  type DirectoryKind,
  StoreUnavailableError,
  unlessAborted,
} from '@medseal/core/adapter';
import type { Hex } from '@medseal/protocol';
import { abortableUntil } from './abortable-until.ts';
import { type EraseFilter, eraseInSlot, putIntoSlot, readSlot, removeEmptySlot } from './directory-slot.ts';
import { FolderMaker, syncFolder } from './durable-folder.ts';
import { type FolderOptions, FolderRoot } from './folder-root.ts';
import { io, unlessMissing } from './io.ts';

export interface FileDirectory extends Directory {
  /**
   * Finishes the erasures that a crash interrupted, and erases what crashed writers left. Call it at the start of the
   * program.
   *
   * @returns how many files
   */
  sweep(): Promise<number>;
}

/** Milliseconds after which a writer is dead: it writes one small object, and tries again when it was not. */
const WRITER_AGE = 600_000;

/** Attempts to put against somebody who deletes the same id all the time. */
const ATTEMPTS = 20;

/**
 * A directory in a folder: one file an object. `put` resolves when the object would survive a crash, and leaves all of it
 * or nothing. Several processes may use one folder at the same time; where one puts and one deletes under the same id,
 * one of the two is first. `delete` overwrites the bytes before it unlinks them, which erases on a file system that
 * writes in place on a disk that does the same. Answers are handed out as they lie there: who asks checks them. Signals are
 * heard while the disk is silent, until a file gets its name or loses it.
 *
 * @throws StoreUnavailableError for whatever the file system refuses, TypeError when kind or id is none.
 */
export function fileDirectory(options: FolderOptions): FileDirectory {
  return new FolderDirectory(options);
}

interface Committing extends CallOptions {
  /** Called before anything can be seen. */
  readonly commit: () => void;
}

class FolderDirectory implements FileDirectory {
  readonly #root: FolderRoot;
  readonly #folders = new FolderMaker();

  constructor(options: FolderOptions) {
    this.#root = new FolderRoot(options, 'file directory');
  }

  async put(kind: DirectoryKind, id: Hex, bytes: Uint8Array, { signal }: CallOptions = {}): Promise<void> {
    signal?.throwIfAborted();
    const names = slotNames(kind, id);
    const copy = bytes.slice();
    return abortableUntil(signal, (commit) => this.#put(names, copy, { signal, commit }));
  }

  async #put(names: readonly string[], bytes: Uint8Array, { signal, commit }: Committing): Promise<void> {
    await this.#root.open();
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      signal?.throwIfAborted();
      // Or the folder that the disk was mounted on takes it.
      await this.#root.requirePresent();
      const folder = await unlessMissing(this.#folders.make(this.#root.path, ...names));
      if (folder !== undefined && (await putIntoSlot(folder, bytes, commit))) return;
      this.#folders.forget();
    }
    throw new StoreUnavailableError('The id is being deleted again and again');
  }

  async get(kind: DirectoryKind, id: Hex, { signal }: CallOptions = {}): Promise<readonly Uint8Array[]> {
    signal?.throwIfAborted();
    const folder = join(this.#root.path, ...slotNames(kind, id));
    return unlessAborted(this.#get(folder), signal);
  }

  async #get(folder: string): Promise<readonly Uint8Array[]> {
    await this.#root.open();
    const found = await readSlot(folder);
    if (found.length === 0) await this.#root.requirePresent();
    return found;
  }

  async delete(kind: DirectoryKind, id: Hex, { signal }: CallOptions = {}): Promise<void> {
    signal?.throwIfAborted();
    const folder = join(this.#root.path, ...slotNames(kind, id));
    return abortableUntil(signal, async (commit) => {
      await this.#root.open();
      await this.#erase(folder, { objects: true, writersBefore: Infinity, commit });
      await this.#root.requirePresent();
    });
  }

  async sweep(): Promise<number> {
    await this.#root.open();
    let erased = 0;
    const filter = { objects: false, writersBefore: Date.now() - WRITER_AGE };
    for (const kind of await folders(this.#root.path, /^[A-Za-z]+$/))
      for (const outer of await folders(kind, /^[0-9a-f]{2}$/))
        for (const slot of await folders(outer, /^[0-9a-f]+$/)) erased += await this.#erase(slot, filter);
    return erased;
  }

  async [Symbol.asyncDispose](): Promise<void> {}

  async #erase(folder: string, filter: EraseFilter): Promise<number> {
    const erased = await eraseInSlot(folder, filter);
    if (await removeEmptySlot(folder)) {
      this.#folders.forget();
      await io(syncFolder(dirname(folder)));
    }
    return erased;
  }
}

/** No name is a path: a kind is letters, an id is hex. */
function slotNames(kind: DirectoryKind, id: Hex): readonly string[] {
  if (!/^[A-Za-z]{1,32}$/.test(kind)) throw new TypeError('kind must be a kind of object');
  if (!/^0x(?:[0-9a-f]{2}){1,64}$/.test(id)) throw new TypeError('id must be 0x and bytes in lower-case hex');
  const name = id.slice(2);
  return [kind, name.slice(0, 2), name];
}

async function folders(path: string, names: RegExp): Promise<readonly string[]> {
  const found = await unlessMissing(readdir(path, { withFileTypes: true }));
  return (found ?? []).filter((one) => one.isDirectory() && names.test(one.name)).map(({ name }) => join(path, name));
}
