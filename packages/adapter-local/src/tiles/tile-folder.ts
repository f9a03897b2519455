import { randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat, unlink, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { syncFolder } from '../files/durable-folder.ts';
import { io, unlessMissing } from '../files/io.ts';

const WRITING = '.writing-';
/** Milliseconds after which a file that is still being written was left by a crash. */
const LEFT_OVER = 600_000;

/** The folder that a log is published in. Rights are what the process's umask gives: others are to read it. */
export class TileFolder {
  readonly #root: string;
  readonly #signal: AbortSignal | undefined;
  readonly #durable = new Set<string>();

  /** With a signal, nothing more is read once it is aborted. */
  constructor(root: string, signal?: AbortSignal) {
    this.#root = resolve(root);
    this.#signal = signal;
  }

  /** `undefined` where there is no such file. */
  async read(path: string): Promise<Uint8Array | undefined> {
    this.#signal?.throwIfAborted();
    const bytes = await unlessMissing(readFile(join(this.#root, path)));
    return bytes && new Uint8Array(bytes);
  }

  /** Resolves when the whole file would survive a crash; until then readers see the old one, or none. */
  async write(path: string, bytes: Uint8Array): Promise<void> {
    const target = join(this.#root, path);
    await io(this.#make(dirname(target)));
    const fresh = join(this.#root, WRITING + randomUUID());
    try {
      await io(writeFile(fresh, bytes, { flag: 'wx', flush: true }));
      await io(rename(fresh, target));
    } catch (error) {
      await unlink(fresh).catch(() => {});
      throw error;
    }
    await io(syncFolder(dirname(target)));
  }

  /** Removes a folder with all that is in it. */
  async remove(path: string): Promise<void> {
    const target = join(this.#root, path);
    await io(rm(target, { recursive: true, force: true }));
    this.#durable.delete(target);
  }

  /** Removes what crashes left. */
  async sweep(): Promise<void> {
    await io(this.#make(this.#root));
    for (const name of await io(readdir(this.#root))) {
      if (!name.startsWith(WRITING)) continue;
      const path = join(this.#root, name);
      const found = await unlessMissing(stat(path));
      if (found !== undefined && found.mtimeMs < Date.now() - LEFT_OVER) await unlessMissing(unlink(path));
    }
  }

  async #make(path: string): Promise<void> {
    if (this.#durable.has(path)) return;
    await mkdir(path, { recursive: true });
    // All up to the root also when they were there: whoever made them may not have come so far.
    for (let folder = path; folder.startsWith(this.#root) && !this.#durable.has(folder); folder = dirname(folder)) {
      await syncFolder(dirname(folder));
      this.#durable.add(folder);
    }
  }
}
