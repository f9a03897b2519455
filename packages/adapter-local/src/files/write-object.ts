import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { abortable, type PutOptions } from '@medseal/core/adapter';
import type { Hex } from '@medseal/protocol';
import type { FolderMaker } from './durable-folder.ts';
import type { FolderRoot } from './folder-root.ts';
import { io } from './io.ts';
import { objectName } from './object-path.ts';
import { type TemporaryFile, temporaryFile } from './temporary-file.ts';
import { writeStream } from './write-stream.ts';

export interface WriteTarget {
  readonly root: FolderRoot;
  readonly folders: FolderMaker;
  /** Called before the object is there for others: an abort after that would leave the caller without its ref. */
  readonly commit: () => void;
}

/** Writes an object beside the others, and gives it its name when it is whole and on the disk. */
export async function writeObject(
  blob: AsyncIterable<Uint8Array>,
  { signal, digest: known, recycle }: PutOptions,
  { root, folders, commit }: WriteTarget,
): Promise<{ readonly digest: Hex; readonly size: number }> {
  await root.open();
  // Or the folder that the disk was mounted on takes it.
  await root.requirePresent();
  signal?.throwIfAborted();
  const file = await openTemporary(root, folders);
  try {
    const hash = createHash('sha256');
    const hashPiece = known === undefined ? (piece: Uint8Array): void => void hash.update(piece) : (): void => {};
    const size = await writeStream(file.handle, abortable(blob, signal), { onPiece: hashPiece, recycle });
    const digest: Hex = known?.() ?? `0x${hash.digest('hex')}`;
    const name = objectName(digest);
    await io(file.handle.sync());
    const folder = await io(folders.make(root.path, 'objects', ...name.folders));
    commit();
    await file.commit(join(folder, name.file));
    return { digest, size };
  } catch (error) {
    folders.forget();
    await file.discard();
    throw error;
  }
}

async function openTemporary(root: FolderRoot, folders: FolderMaker): Promise<TemporaryFile> {
  try {
    return await temporaryFile(await io(folders.make(root.path, 'temporary')));
  } catch (error) {
    folders.forget();
    throw error;
  }
}
