import { mkdir, readFile, rename, stat, unlink, writeFile } from 'node:fs/promises';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { StoreUnavailableError, UnsupportedError } from '@medseal/core/adapter';
import { FILE_MODE, FOLDER_MODE, syncFolder } from './durable-folder.ts';
import { io, unlessMissing } from './io.ts';

export interface FolderOptions {
  /** Where everything lies. One file system, local or mounted, that keeps to POSIX renames. */
  readonly directory: string;
  /**
   * Make what is not there yet (default). `false` where the folder is on a mounted disk: a disk that is not mounted is
   * then an outage, never an empty store.
   */
  readonly create?: boolean | undefined;
}

/** The mark that tells a store that is empty from a disk that is not mounted. */
const MARK = '.medseal';

/** Opens a folder of one kind at the first use, and tells what is absent in it from the folder's being gone. */
export class FolderRoot {
  readonly path: string;
  readonly #kind: string;
  readonly #create: boolean;
  #opened: Promise<void> | undefined;

  constructor({ directory, create = true }: FolderOptions, kind: string) {
    if (directory === '' || directory.includes('\0')) throw new TypeError('directory must be the path of a folder');
    this.path = directory;
    this.#kind = `medseal ${kind} v1\n`;
    this.#create = create;
  }

  /** @throws StoreUnavailableError, or UnsupportedError when the folder holds something else. */
  open(): Promise<void> {
    this.#opened ??= this.#open().catch((error: unknown) => {
      this.#opened = undefined;
      throw error;
    });
    return this.#opened;
  }

  /** @throws StoreUnavailableError when the folder itself is gone: what was not found may exist. */
  async requirePresent(): Promise<void> {
    if ((await unlessMissing(stat(join(this.path, MARK)))) === undefined) throw gone();
  }

  async #open(): Promise<void> {
    const mark = join(this.path, MARK);
    const found = await unlessMissing(readFile(mark, 'utf8'));
    if (found === this.#kind) return;
    if (found !== undefined) throw new UnsupportedError('The folder holds something else, or another version of it');
    if (!this.#create) throw gone();
    await io(this.#make(mark));
  }

  async #make(mark: string): Promise<void> {
    await mkdir(this.path, { recursive: true, mode: FOLDER_MODE });
    const fresh = `${mark}-${randomUUID()}`;
    try {
      await writeFile(fresh, this.#kind, { mode: FILE_MODE, flag: 'wx', flush: true });
      await rename(fresh, mark);
    } catch (error) {
      await unlink(fresh).catch(() => {});
      throw error;
    }
    await syncFolder(this.path);
  }
}

function gone(): StoreUnavailableError {
  return new StoreUnavailableError('The folder is not there, or its disk is not mounted');
}
