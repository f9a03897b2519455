import { spawnSync } from 'node:child_process';
import { appendFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type TestFolder, testFolder } from './test-folder.ts';

const mount = (...args: readonly string[]): boolean => spawnSync('mount', args).status === 0;

/** A folder on a file system of its own. */
export interface SmallDisk extends TestFolder {
  /** Takes all the space that is left, until disposal. */
  fill(): Promise<AsyncDisposable>;
  /** Lets nothing be written, until disposal. */
  makeReadOnly(): Promise<AsyncDisposable>;
}

/** Mounts a disk of this size; `undefined` where the user may not. */
export async function smallDisk(kilobytes: number): Promise<SmallDisk | undefined> {
  const folder = await testFolder();
  if (!mount('-t', 'tmpfs', '-o', `size=${kilobytes}k`, 'tmpfs', folder.path)) {
    await folder[Symbol.asyncDispose]();
    return undefined;
  }
  return {
    ...folder,
    fill: async () => {
      const ballast = join(folder.path, 'ballast');
      const page = new Uint8Array(4096);
      let full = false;
      while (!full)
        full = await appendFile(ballast, page).then(
          () => false,
          () => true,
        );
      return { [Symbol.asyncDispose]: () => rm(ballast) };
    },
    makeReadOnly: async () => {
      if (!mount('-o', 'remount,ro', folder.path)) throw new Error('The disk can not be made read-only');
      return {
        [Symbol.asyncDispose]: async () => void mount('-o', 'remount,rw', folder.path),
      };
    },
    [Symbol.asyncDispose]: async () => {
      spawnSync('umount', [folder.path]);
      await folder[Symbol.asyncDispose]();
    },
  };
}
