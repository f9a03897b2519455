import type { FileHandle } from 'node:fs/promises';
import { io } from './io.ts';

/** Large enough that the thread pool's hand-over does not count, small enough to stay in a processor's cache. */
const BUFFER_BYTES = 512 * 1024;

/**
 * Writes a stream to a file from its beginning: while one buffer is being written, the source fills the other. Nothing
 * of a piece is kept once the source is asked for the next.
 *
 * @returns how many bytes
 */
export async function writeStream(
  handle: FileHandle,
  source: AsyncIterable<Uint8Array>,
  onPiece: (piece: Uint8Array) => void,
): Promise<number> {
  let [filling, other] = [Buffer.allocUnsafeSlow(BUFFER_BYTES), Buffer.allocUnsafeSlow(BUFFER_BYTES)];
  let writing: Promise<void> = Promise.resolve();
  let filled = 0;
  let written = 0;
  const flush = async (): Promise<void> => {
    await writing;
    writing = writeFully(handle, filling.subarray(0, filled), written);
    // Looked at by the next flush, and the source may be silent until then.
    writing.catch(() => {});
    written += filled;
    filled = 0;
    [filling, other] = [other, filling];
  };
  try {
    for await (const piece of source) {
      onPiece(piece);
      for (let taken = 0; taken < piece.length;) {
        const part = piece.subarray(taken, taken + BUFFER_BYTES - filled);
        filling.set(part, filled);
        filled += part.length;
        taken += part.length;
        if (filled === BUFFER_BYTES) await flush();
      }
    }
    await flush();
  } finally {
    await writing.catch(() => {});
  }
  await writing;
  return written;
}

async function writeFully(handle: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  for (let done = 0; done < bytes.length;) {
    const { bytesWritten } = await io(handle.write(bytes, done, bytes.length - done, position + done));
    done += bytesWritten;
  }
}
