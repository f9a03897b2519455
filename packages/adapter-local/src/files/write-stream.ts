import type { FileHandle } from 'node:fs/promises';
import { io } from './io.ts';

/** Large enough that the thread pool's hand-over does not count, small enough to stay in a processor's cache. */
const BUFFER_BYTES = 1024 * 1024;

/** Smaller pieces are gathered. */
const LARGE_PIECE_BYTES = 256 * 1024;

/** So many writes are on their way to the disk while the next is made. */
const MAX_WRITES = 2;

export interface WriteStreamOptions {
  /** Told of each piece as it comes. */
  readonly onPiece: (piece: Uint8Array) => void;
  /**
   * Told of each piece that is copied or written. Where it is given, pieces stay as they are until then, and large ones
   * are written without a copy. Otherwise nothing of a piece is kept once the source is asked for the next.
   */
  readonly recycle?: ((piece: Uint8Array) => void) | undefined;
}

/**
 * Writes a stream to a file from its beginning, reading on while it writes.
 *
 * @returns how many bytes
 */
export async function writeStream(
  handle: FileHandle,
  source: AsyncIterable<Uint8Array>,
  { onPiece, recycle }: WriteStreamOptions,
): Promise<number> {
  const writes = new Writes(handle);
  const spare: Uint8Array[] = [];
  let buffer: Uint8Array = Buffer.allocUnsafeSlow(BUFFER_BYTES);
  let filled = 0;
  const flush = async (): Promise<void> => {
    const full = buffer;
    await writes.begin(full.subarray(0, filled), () => spare.push(full));
    buffer = spare.pop() ?? Buffer.allocUnsafeSlow(BUFFER_BYTES);
    filled = 0;
  };
  try {
    for await (const piece of source) {
      onPiece(piece);
      if (recycle !== undefined && piece.length >= LARGE_PIECE_BYTES) {
        if (filled > 0) await flush();
        await writes.begin(piece, () => recycle(piece));
        continue;
      }
      for (let taken = 0; taken < piece.length;) {
        const part = piece.subarray(taken, taken + BUFFER_BYTES - filled);
        buffer.set(part, filled);
        filled += part.length;
        taken += part.length;
        if (filled === BUFFER_BYTES) await flush();
      }
      recycle?.(piece);
    }
    if (filled > 0) await flush();
    await writes.end();
  } finally {
    // The file is closed and removed after a failure: nothing may still be writing then.
    await writes.settle();
  }
  return writes.bytes;
}

/** Writes that follow one another in a file, a few of them at the same time. */
class Writes {
  readonly #handle: FileHandle;
  #under: Promise<void>[] = [];
  bytes = 0;

  constructor(handle: FileHandle) {
    this.#handle = handle;
  }

  /** Waits while there are too many. Throws what an earlier write failed with. */
  async begin(bytes: Uint8Array, done: () => void): Promise<void> {
    const writing = this.#write(bytes, this.bytes, done);
    // Looked at when its turn comes, and the source may be silent until then.
    writing.catch(() => {});
    this.bytes += bytes.length;
    this.#under.push(writing);
    if (this.#under.length > MAX_WRITES) await this.#under.shift();
  }

  async #write(bytes: Uint8Array, position: number, done: () => void): Promise<void> {
    await writeFully(this.#handle, bytes, position);
    done();
  }

  async end(): Promise<void> {
    await Promise.all(this.#under);
  }

  async settle(): Promise<void> {
    await Promise.allSettled(this.#under);
  }
}

async function writeFully(handle: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  for (let done = 0; done < bytes.length;) {
    const { bytesWritten } = await io(handle.write(bytes, done, bytes.length - done, position + done));
    done += bytesWritten;
  }
}
