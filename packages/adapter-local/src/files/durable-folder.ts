import { mkdir, open } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { isTaken } from './io.ts';

/** For the owner alone. */
export const FOLDER_MODE = 0o700;
export const FILE_MODE = 0o600;

/** All folders of a store, 65,792 of them, and few enough to bound memory where every id has one. */
const MOST_REMEMBERED = 70_000;

/** Resolves once the names in a folder would survive a crash. */
export async function syncFolder(path: string): Promise<void> {
  // Windows opens no folder for this; NTFS keeps names in its journal.
  if (process.platform === 'win32') return;
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

/** Makes folders, one in the other, below one that exists, and remembers which of them are known to survive a crash. */
export class FolderMaker {
  readonly #durable = new Set<string>();

  /** Resolves with the path of the innermost. */
  async make(base: string, ...names: readonly string[]): Promise<string> {
    let path = base;
    for (const name of names) {
      path = join(path, name);
      if (!this.#durable.has(path)) await this.#makeOne(path);
    }
    return path;
  }

  /** Somebody has removed folders: all are looked at again. */
  forget(): void {
    this.#durable.clear();
  }

  async #makeOne(path: string): Promise<void> {
    await mkdir(path, { mode: FOLDER_MODE }).catch((error: unknown) => {
      if (!isTaken(error)) throw error;
    });
    // Also when it was there: whoever made it may not have come so far.
    await syncFolder(dirname(path));
    if (this.#durable.size >= MOST_REMEMBERED) this.#durable.clear();
    this.#durable.add(path);
  }
}
