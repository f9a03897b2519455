import { randomBytes } from 'node:crypto';
import { access, type FileHandle, open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { CliIo } from './cli-io.ts';

export interface Output {
  /** `undefined` for standard output. */
  readonly path: string | undefined;
  /** Replace a file that is there. */
  readonly force: boolean;
}

/** Writes a stream to a file, which appears whole or not at all, readable by its owner only; or to standard output. */
export async function writeOutput(
  { path, force }: Output,
  content: AsyncIterable<Uint8Array>,
  io: Pick<CliIo, 'writeOut'>,
): Promise<void> {
  if (path === undefined) {
    for await (const piece of content) await io.writeOut(piece);
    return;
  }
  if (!force) await requireAbsent(path);
  const part = join(dirname(path), `.${basename(path)}.${randomBytes(6).toString('hex')}.part`);
  const file = await open(part, 'wx', 0o600);
  try {
    try {
      await writeBehind(file, content);
    } finally {
      await file.close();
    }
    if (!force) await requireAbsent(path);
    await rename(part, path);
  } catch (error) {
    await rm(part, { force: true });
    throw error;
  }
}

/** @throws Error when there is something at the path. */
export async function requireAbsent(path: string): Promise<void> {
  const there = await access(path).then(
    () => true,
    () => false,
  );
  if (there) throw new Error(`${path} is there already; --force replaces it`);
}

/** Writes one piece while the next is made. */
async function writeBehind(file: FileHandle, content: AsyncIterable<Uint8Array>): Promise<void> {
  let writing: Promise<void> = Promise.resolve();
  try {
    for await (const piece of content) {
      await writing;
      writing = writeAll(file, piece).then(() => release(piece));
      writing.catch(() => {});
    }
  } finally {
    await writing;
  }
  await file.sync();
}

/** A piece is ours: its memory goes back at once, or some 50 MiB wait for the garbage collector. */
function release({ buffer, byteLength }: Uint8Array): void {
  if (buffer instanceof ArrayBuffer && buffer.byteLength === byteLength) buffer.transfer(0);
}

async function writeAll(file: FileHandle, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.length;) at += (await file.write(bytes, at)).bytesWritten;
}
