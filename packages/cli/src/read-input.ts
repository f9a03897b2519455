import { type FileHandle, open } from 'node:fs/promises';
import type { CliIo } from './cli-io.ts';

const READ_BYTES = 1024 * 1024;

/** A file, or standard input, in large pieces. A piece is valid until the next is asked for. */
export async function* readInput(
  path: string | undefined,
  { stdin }: Pick<CliIo, 'stdin'>,
): AsyncGenerator<Uint8Array> {
  if (path === undefined) {
    yield* stdin;
    return;
  }
  const file = await open(path);
  try {
    yield* readAhead(file);
  } finally {
    await file.close();
  }
}

/** Reads the next piece into the other buffer while its reader works on this one. */
async function* readAhead(file: FileHandle): AsyncGenerator<Uint8Array> {
  let [current, other] = [Buffer.allocUnsafeSlow(READ_BYTES), Buffer.allocUnsafeSlow(READ_BYTES)];
  let reading = file.read(current, 0, READ_BYTES);
  try {
    for (;;) {
      const { bytesRead } = await reading;
      if (bytesRead === 0) return;
      const piece = current.subarray(0, bytesRead);
      [current, other] = [other, current];
      reading = file.read(current, 0, READ_BYTES);
      yield piece;
    }
  } finally {
    // The file is closed next: nothing may still be reading from it.
    await reading.catch(() => {});
    current.fill(0);
    other.fill(0);
  }
}
