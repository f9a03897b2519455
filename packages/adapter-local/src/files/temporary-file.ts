import { randomUUID } from 'node:crypto';
import { type FileHandle, open, readdir, rename, stat, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { FILE_MODE, syncFolder } from './durable-folder.ts';
import { io, unlessMissing } from './io.ts';

/** Milliseconds between the signs of life that a writer gives its temporary file. */
export const HEARTBEAT = 30_000;

/** A file that nobody sees until it is renamed. */
export interface TemporaryFile {
  readonly handle: FileHandle;
  /** Under its name at once, and for good: resolves when it would survive a crash. */
  commit(path: string): Promise<void>;
  /** Removes it, whatever state it is in. */
  discard(): Promise<void>;
}

/** While it is written its time of change stays fresh, however slow the source is, so that no sweep takes it away. */
export async function temporaryFile(folder: string): Promise<TemporaryFile> {
  const path = join(folder, randomUUID());
  const handle = await io(open(path, 'wx', FILE_MODE));
  const beat = setInterval(() => {
    const now = new Date();
    // A missed sign of life does no harm, and a write that fails tells of itself.
    handle.utimes(now, now).catch(() => {});
  }, HEARTBEAT);
  beat.unref();
  const close = async (): Promise<void> => {
    clearInterval(beat);
    await handle.close();
  };
  return {
    handle,
    async commit(target) {
      await io(close());
      await io(rename(path, target));
      await io(syncFolder(dirname(target)));
    },
    async discard() {
      await close().catch(() => {});
      await unlink(path).catch(() => {});
    },
  };
}

/** Removes temporary files whose writers have given no sign of life since `before` (milliseconds since 1970). */
export async function removeOrphans(folder: string, before: number): Promise<number> {
  let removed = 0;
  for (const name of await io(readdir(folder))) {
    const path = join(folder, name);
    const found = await unlessMissing(stat(path));
    if (found === undefined || !found.isFile() || found.mtimeMs >= before) continue;
    if ((await unlessMissing(unlink(path).then(() => true))) === true) removed++;
  }
  return removed;
}
