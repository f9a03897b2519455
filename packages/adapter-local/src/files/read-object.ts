import { constants, type FileHandle, open } from 'node:fs/promises';
import {
  abortable,
  AbsentError,
  type BlobRef,
  type ReadOptions,
  requireRange,
  UnfaithfulStoreError,
  unlessAborted,
} from '@medseal/core/adapter';
import type { FolderRoot } from './folder-root.ts';
import { io, isMissing, outage } from './io.ts';
import { objectPath } from './object-path.ts';
import { readStream } from './read-stream.ts';

/** Gives the bytes of an object as its file has them, all or a range. */
export async function* readObject(
  { root, objects }: { readonly root: FolderRoot; readonly objects: string },
  ref: BlobRef,
  { signal, start, end, reuse }: ReadOptions,
): AsyncGenerator<Uint8Array> {
  signal?.throwIfAborted();
  const opening = openObject(root, objectPath(objects, ref.digest));
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

async function openObject(root: FolderRoot, path: string): Promise<FileHandle> {
  await root.open();
  try {
    // No links: an object is a file of this folder.
    return await open(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0));
  } catch (error) {
    if (!isMissing(error)) throw outage(error);
    await root.requirePresent();
    throw new AbsentError('The store has no such object');
  }
}
