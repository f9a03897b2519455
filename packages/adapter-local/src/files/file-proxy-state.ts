import { randomUUID } from 'node:crypto';
import { readdir, readFile, rename, unlink, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { type ProxyState, StoreUnavailableError } from '@medseal/core/adapter';
import { FILE_MODE, syncFolder } from './durable-folder.ts';
import { io, unlessMissing } from './io.ts';

/**
 * A proxy's state in one file, in a folder that exists. At any moment the file holds what was saved last or what is
 * being saved now, whole. One proxy, one file.
 *
 * @throws StoreUnavailableError when the file system refuses, or the folder is not there: a proxy whose disk is not
 *   mounted must not begin anew.
 */
export function fileProxyState(path: string): ProxyState {
  const folder = dirname(path);
  const prefix = `.${basename(path)}-`;
  let last: Promise<unknown> = Promise.resolve();

  async function save(bytes: Uint8Array): Promise<void> {
    const fresh = join(folder, prefix + randomUUID());
    try {
      await io(writeFile(fresh, bytes, { mode: FILE_MODE, flag: 'wx', flush: true }));
      await io(rename(fresh, path));
    } catch (error) {
      await unlink(fresh).catch(() => {});
      throw error;
    }
    await io(syncFolder(folder));
  }

  return {
    async load() {
      await last;
      await removeLeftOver(folder, prefix);
      const bytes = await unlessMissing(readFile(path));
      return bytes === undefined ? undefined : new Uint8Array(bytes);
    },
    save(bytes) {
      const copy = bytes.slice();
      // One after the other, so that the last call is what stays.
      const saved = last.then(() => save(copy));
      last = saved.catch(() => {});
      return saved;
    },
  };
}

/** What a crash left of a save. */
async function removeLeftOver(folder: string, prefix: string): Promise<void> {
  const names = await unlessMissing(readdir(folder));
  if (names === undefined)
    throw new StoreUnavailableError('The folder of the state is not there, or its disk is not mounted');
  for (const name of names) if (name.startsWith(prefix)) await unlessMissing(unlink(join(folder, name)));
}
