import { execFile } from 'node:child_process';
import { closeSync, constants, openSync } from 'node:fs';
import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** Threads on which Node makes all asynchronous calls of the file system (libuv's pool). */
const THREADS = Number(process.env['UV_THREADPOOL_SIZE'] ?? 4);

/** Milliseconds after which they come back in any case. */
const LATEST = 20_000;

/**
 * From now on no call of the file system comes back in this process, as on a mounted disk that has gone silent: each
 * thread that makes them opens a named pipe for reading, which waits until somebody opens it for writing.
 */
export async function stallFiles(): Promise<AsyncDisposable> {
  const folder = await mkdtemp(join(tmpdir(), 'medseal-stall-'));
  const pipe = join(folder, 'pipe');
  await promisify(execFile)('mkfifo', [pipe]);
  const opening = Array.from({ length: THREADS }, () => open(pipe, 'r'));
  const release = async (): Promise<void> => {
    clearTimeout(latest);
    // Not on those threads. For both reading and writing, because then it waits for nobody itself.
    const writer = openSync(pipe, constants.O_RDWR | constants.O_NONBLOCK);
    for (const handle of await Promise.all(opening)) await handle.close();
    closeSync(writer);
    await rm(folder, { recursive: true });
  };
  let released: Promise<void> | undefined;
  const releaseOnce = (): Promise<void> => (released ??= release());
  // A test that hangs on it would hang the runner, too.
  const latest = setTimeout(() => void releaseOnce(), LATEST);
  return { [Symbol.asyncDispose]: releaseOnce };
}
