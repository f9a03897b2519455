import { randomUUID } from 'node:crypto';
import { link, mkdir, open, readdir, readFile, rename, rmdir, stat, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { KeysExistError } from '@medseal/core/adapter';
import { FILE_MODE, FOLDER_MODE, syncFolder } from '../files/durable-folder.ts';
import { eraseFile } from '../files/erase-file.ts';
import { FolderRoot } from '../files/folder-root.ts';
import { io, isMissing, isTaken, outage, unlessMissing } from '../files/io.ts';

const GENERATION = /^\d{8}$/;
const KEY_FILE = /^[0-9a-f]{64}$/;
const STAGING = '.next';
const WRITING = 'writing-';
const FIRST = '00000001';

/**
 * Key files in folders. All files of one folder, a generation, are under one passphrase; the newest generation counts:
 *
 *     00000001/<hash of a subject>   its keys
 *     00000002.next/                 a generation that is being made, not yet valid
 *
 * A generation becomes valid whole, by the rename of its folder. The one before it is then erased. A file never changes.
 */
export class KeyFolder {
  readonly #root: FolderRoot;

  constructor(directory: string) {
    this.#root = new FolderRoot({ directory }, 'key store');
  }

  open(): Promise<void> {
    return this.#root.open();
  }

  /** Valid generations, newest first. */
  async generations(): Promise<readonly string[]> {
    const names = await io(readdir(this.#root.path));
    return names
      .filter((name) => GENERATION.test(name))
      .toSorted()
      .toReversed();
  }

  /** The generation that counts; made when there is none yet. */
  async current(): Promise<string> {
    const [newest] = await this.generations();
    if (newest === undefined) await this.#make(FIRST);
    return newest ?? FIRST;
  }

  /** Names of the key files in a folder. */
  async files(folder: string): Promise<readonly string[]> {
    const names = (await unlessMissing(readdir(this.path(folder)))) ?? [];
    return names.filter((name) => KEY_FILE.test(name)).toSorted();
  }

  /** Names of all key files, whatever generation they are in. */
  async allFiles(): Promise<readonly string[]> {
    const found = await Promise.all((await this.generations()).map((generation) => this.files(generation)));
    return [...new Set(found.flat())].toSorted();
  }

  /** A key file of the newest generation that has it. */
  async read(file: string): Promise<Uint8Array | undefined> {
    for (;;) {
      const generations = await this.generations();
      for (const generation of generations) {
        const bytes = await this.readIn(generation, file);
        if (bytes !== undefined) return bytes;
      }
      // A change of passphrase may have moved it on since the generations were listed.
      const [newest] = await this.generations();
      if (newest === generations[0]) break;
    }
    await this.#root.requirePresent();
    return undefined;
  }

  async readIn(folder: string, file: string): Promise<Uint8Array | undefined> {
    const bytes = await unlessMissing(readFile(this.path(folder, file)));
    return bytes === undefined ? undefined : new Uint8Array(bytes);
  }

  /**
   * Adds a key file to the newest generation; resolves when it would survive a crash.
   *
   * @param commit called before the file is there; nothing is added where it throws
   * @throws KeysExistError
   */
  async add(file: string, bytes: Uint8Array, commit?: () => void): Promise<void> {
    while (!(await this.addIn(await this.current(), file, bytes, commit))) {
      // A change of passphrase took the folder away.
    }
  }

  /** @returns false when there is no such folder, KeysExistError when there is such a file. */
  async addIn(folder: string, file: string, bytes: Uint8Array, commit?: () => void): Promise<boolean> {
    const writing = this.path(folder, WRITING + randomUUID());
    try {
      const handle = await open(writing, 'wx', FILE_MODE);
      try {
        await handle.writeFile(bytes);
        await handle.sync();
      } finally {
        await handle.close();
      }
      commit?.();
      // Unlike a rename, a link never takes the place of another file.
      await link(writing, this.path(folder, file));
      await unlink(writing);
      await syncFolder(this.path(folder));
      return true;
    } catch (error) {
      await unlink(writing).catch(() => {});
      if (isTaken(error)) throw new KeysExistError();
      if (isMissing(error)) return false;
      throw outage(error);
    }
  }

  /** The folder of the generation behind this one, while it is made. Keeps what an interrupted attempt has left there. */
  async stage(generation: string): Promise<string> {
    const staging = next(generation) + STAGING;
    await this.#make(staging);
    return staging;
  }

  /** Makes the staged generation the one that counts. */
  async commit(staging: string): Promise<string> {
    const generation = staging.slice(0, -STAGING.length);
    for (const name of await io(readdir(this.path(staging))))
      if (name.startsWith(WRITING)) await eraseName(this.path(staging, name));
    await io(rename(this.path(staging), this.path(generation)));
    await io(syncFolder(this.#root.path));
    return generation;
  }

  /** Erases what a newer generation has too: a crash may have come before that. */
  async sweep(): Promise<void> {
    const [newest, ...older] = await this.generations();
    if (newest === undefined || older.length === 0) return;
    const present = new Set(await this.files(newest));
    for (const old of older) await this.erase(old, present);
  }

  /** Erases these key files in a folder, whatever is no key file, and the folder when nothing is left in it. */
  async erase(folder: string, keyFiles: ReadonlySet<string>): Promise<void> {
    const names = (await unlessMissing(readdir(this.path(folder)))) ?? [];
    for (const name of names) if (!KEY_FILE.test(name) || keyFiles.has(name)) await eraseName(this.path(folder, name));
    // Not empty when another process has just added keys: they are then found by whoever looks next.
    await rmdir(this.path(folder)).catch(() => {});
    await io(syncFolder(this.#root.path));
  }

  path(...names: readonly string[]): string {
    return join(this.#root.path, ...names);
  }

  async #make(folder: string): Promise<void> {
    await io(
      mkdir(this.path(folder), { mode: FOLDER_MODE }).catch((error: unknown) => {
        if (!isTaken(error)) throw error;
      }),
    );
    await io(syncFolder(this.#root.path));
  }
}

/** A crash may have left a key file under its temporary name as well: of one file under two names, only the name goes. */
async function eraseName(path: string): Promise<void> {
  const found = await unlessMissing(stat(path));
  if (found !== undefined && found.nlink > 1) await unlessMissing(unlink(path));
  else await eraseFile(path);
}

function next(generation: string): string {
  return String(Number(generation) + 1).padStart(FIRST.length, '0');
}
