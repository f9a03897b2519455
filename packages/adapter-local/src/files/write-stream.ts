import type { FileHandle } from 'node:fs/promises';
import { io } from './io.ts';

/** Large enough that the thread pool's hand-over does not count. */
const BUFFER_BYTES = 1024 * 1024;

/** One is being filled while the others are on their way to the disk. */
const BUFFERS = 3;

interface Slot {
  readonly bytes: Uint8Array;
  writing: Promise<void>;
}

/**
 * Writes a stream to a file from its beginning, reading on while it writes. Nothing of a piece is kept once the source
 * is asked for the next.
 *
 * @param onDone told of each piece that was copied
 * @returns how many bytes
 */
export async function writeStream(
  handle: FileHandle,
  source: AsyncIterable<Uint8Array>,
  onPiece: (piece: Uint8Array) => void,
  onDone: (piece: Uint8Array) => void = () => {},
): Promise<number> {
  const ring = Array.from({ length: BUFFERS }, (): Slot => ({
    bytes: Buffer.allocUnsafeSlow(BUFFER_BYTES),
    writing: Promise.resolve(),
  }));
  let written = 0;
  let filled = 0;
  const flush = async (): Promise<void> => {
    const [full, next] = ring as [Slot, Slot];
    full.writing = writeFully(handle, full.bytes.subarray(0, filled), written);
    // Looked at when the slot's turn comes again, and the source may be silent until then.
    full.writing.catch(() => {});
    written += filled;
    filled = 0;
    ring.push(...ring.splice(0, 1));
    await next.writing;
  };
  try {
    for await (const piece of source) {
      onPiece(piece);
      for (let taken = 0; taken < piece.length;) {
        const part = piece.subarray(taken, taken + BUFFER_BYTES - filled);
        ring[0]?.bytes.set(part, filled);
        filled += part.length;
        taken += part.length;
        if (filled === BUFFER_BYTES) await flush();
      }
      onDone(piece);
    }
    await flush();
    await Promise.all(ring.map(({ writing }) => writing));
  } finally {
    // The file is closed and removed after a failure: nothing may still be writing then.
    await Promise.allSettled(ring.map(({ writing }) => writing));
  }
  return written;
}

async function writeFully(handle: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  for (let done = 0; done < bytes.length;) {
    const { bytesWritten } = await io(handle.write(bytes, done, bytes.length - done, position + done));
    done += bytesWritten;
  }
}
