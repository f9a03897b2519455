import type { FileHandle } from 'node:fs/promises';
import { UnfaithfulStoreError } from '@medseal/core/adapter';
import { io } from './io.ts';

const PIECE_BYTES = 512 * 1024;

/**
 * Some bytes of a file, each piece in memory of its own. The next piece is being read while the reader has the last.
 *
 * @throws UnfaithfulStoreError when the file ends before `end`.
 */
export async function* readStream(handle: FileHandle, start: number, end: number): AsyncGenerator<Uint8Array> {
  let position = start;
  const readNext = (): Promise<Uint8Array> | undefined => {
    if (position === end) return undefined;
    const length = Math.min(PIECE_BYTES, end - position);
    const reading = readFully(handle, position, length);
    // Looked at when the reader comes back, which may be late or never.
    reading.catch(() => {});
    position += length;
    return reading;
  };
  let ahead = readNext();
  try {
    while (ahead !== undefined) {
      const piece = await ahead;
      ahead = readNext();
      yield piece;
    }
  } finally {
    await ahead?.catch(() => {});
  }
}

/** As many bytes from this place, in fresh memory. */
export async function readFully(handle: FileHandle, position: number, length: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(length);
  for (let done = 0; done < length;) {
    const { bytesRead } = await io(handle.read(bytes, done, length - done, position + done));
    if (bytesRead === 0) throw new UnfaithfulStoreError('The file is shorter than the object');
    done += bytesRead;
  }
  return bytes;
}
