import type { FileHandle } from 'node:fs/promises';
import { UnfaithfulStoreError } from '@medseal/core/adapter';
import { io } from './io.ts';

const PIECE_BYTES = 512 * 1024;

/**
 * Some bytes of a file. The next piece is being read while the reader has the last.
 *
 * @param reuse whether a piece is valid only until the next is asked for; otherwise each has memory of its own
 * @throws UnfaithfulStoreError when the file ends before `end`.
 */
export async function* readStream(
  handle: FileHandle,
  start: number,
  end: number,
  reuse = false,
): AsyncGenerator<Uint8Array> {
  let position = start;
  // One is being filled while the reader has the other.
  const room = Math.min(PIECE_BYTES, end - start);
  let buffers = reuse ? [new Uint8Array(room), new Uint8Array(room)] : [];
  const readNext = (): Promise<Uint8Array> | undefined => {
    if (position === end) return undefined;
    const length = Math.min(PIECE_BYTES, end - position);
    const [buffer, other] = buffers;
    buffers = buffer === undefined || other === undefined ? [] : [other, buffer];
    const reading = readFully(handle, position, buffer?.subarray(0, length) ?? new Uint8Array(length));
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

/** Fills the bytes from this place. */
export async function readFully(handle: FileHandle, position: number, bytes: Uint8Array): Promise<Uint8Array> {
  for (let done = 0; done < bytes.length;) {
    const { bytesRead } = await io(handle.read(bytes, done, bytes.length - done, position + done));
    if (bytesRead === 0) throw new UnfaithfulStoreError('The file is shorter than the object');
    done += bytesRead;
  }
  return bytes;
}
