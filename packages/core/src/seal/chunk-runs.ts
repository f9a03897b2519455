import { wipe } from '../lib/wipe.ts';

/** Chunks that stand one behind the other. Valid until the next run is asked for. */
export interface ChunkRun {
  readonly chunks: readonly Uint8Array[];
  /** Whether nothing follows. */
  readonly last: boolean;
}

/** Bounds memory where a source hands over everything in one piece. */
const MAX_CHUNKS = 8;

export function bytesOf({ chunks }: ChunkRun): number {
  return chunks.reduce((sum, chunk) => sum + chunk.length, 0);
}

/**
 * Cuts a stream into chunks of `size`; only the last of all may be shorter, and there always is one. What comes in
 * large pieces goes out in long runs, and is copied only where a chunk spans two pieces.
 */
export async function* chunkRuns(source: AsyncIterable<Uint8Array>, size: number): AsyncGenerator<ChunkRun> {
  const held = new Uint8Array(size);
  let filled = 0;
  try {
    for await (const piece of source) {
      if (piece.length === 0) continue;
      const part = piece.subarray(0, size - filled);
      held.set(part, filled);
      filled += part.length;
      let taken = part.length;
      // A full chunk is held back until a further byte shows that it is not the last.
      if (taken === piece.length) continue;
      let chunks: Uint8Array[] = [held];
      for (; piece.length - taken > size; taken += size) {
        if (chunks.length === MAX_CHUNKS) {
          yield { chunks, last: false };
          chunks = [];
        }
        chunks.push(piece.subarray(taken, taken + size));
      }
      yield { chunks, last: false };
      held.set(piece.subarray(taken));
      filled = piece.length - taken;
    }
    yield { chunks: [held.subarray(0, filled)], last: true };
  } finally {
    wipe(held);
  }
}
