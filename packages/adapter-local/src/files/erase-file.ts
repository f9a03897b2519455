import { randomFillSync } from 'node:crypto';
import { type FileHandle, open, unlink } from 'node:fs/promises';
import { io, unlessMissing } from './io.ts';

const PIECE_BYTES = 64 * 1024;

/**
 * Overwrites a file in place with random bytes, waits until the disk has them, then unlinks it. May be repeated, and a
 * crash leaves a name that says that the file is to be erased. What does not write in place (flash, copy-on-write,
 * snapshots, a journal of data) keeps the old bytes somewhere.
 */
export async function eraseFile(path: string): Promise<void> {
  const handle = await unlessMissing(open(path, 'r+'));
  if (handle === undefined) return;
  try {
    await overwrite(handle);
  } finally {
    await handle.close();
  }
  await unlessMissing(unlink(path));
}

export async function overwrite(handle: FileHandle): Promise<void> {
  const { size } = await io(handle.stat());
  for (let position = 0; position < size; position += PIECE_BYTES) {
    const noise = randomFillSync(new Uint8Array(Math.min(PIECE_BYTES, size - position)));
    await io(handle.write(noise, 0, noise.length, position));
  }
  await io(handle.sync());
}
