import { type FileHandle, open } from 'node:fs/promises';

const READ_BYTES = 1024 * 1024;

/** Reads the next piece while somebody works on this one, which is valid until then. */
export async function* readAhead(path: string): AsyncGenerator<Uint8Array> {
  const file = await open(path);
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
    await reading.catch(() => {});
    await file.close();
  }
}

/** Writes one piece while the next is made. */
export async function writeBehind(
  path: string,
  source: AsyncIterable<Uint8Array>,
  {
    sync = false,
    onWritten,
  }: { readonly sync?: boolean; readonly onWritten?: ((piece: Uint8Array) => void) | undefined } = {},
): Promise<number> {
  const file = await open(path, 'w');
  let writing: Promise<void> = Promise.resolve();
  let written = 0;
  try {
    for await (const piece of source) {
      await writing;
      writing = writeAll(file, piece).then(() => onWritten?.(piece));
      writing.catch(() => {});
      written += piece.length;
    }
    await writing;
    if (sync) await file.sync();
  } finally {
    await writing.catch(() => {});
    await file.close();
  }
  return written;
}

async function writeAll(file: FileHandle, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.length;) at += (await file.write(bytes, at)).bytesWritten;
}
