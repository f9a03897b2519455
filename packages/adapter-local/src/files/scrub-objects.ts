import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import { type CallOptions, StoreUnavailableError, UnfaithfulStoreError } from '@medseal/core/adapter';
import type { Hex } from '@medseal/protocol';
import { io, unlessMissing } from './io.ts';
import { objectDigests, objectPath } from './object-path.ts';
import { readStream } from './read-stream.ts';

export interface ScrubProgress {
  readonly objects: number;
  readonly bytes: number;
}

export interface ScrubOptions extends CallOptions {
  /** Told after each object how many are done, and how many bytes. */
  readonly onProgress?: ((progress: ScrubProgress) => void) | undefined;
}

export interface ScrubReport extends ScrubProgress {
  /** Objects whose bytes have another digest than their name. */
  readonly damaged: readonly Hex[];
  /** Objects that the file system would not read to their end. */
  readonly unreadable: readonly Hex[];
}

/** Reads all objects and compares their digests. What comes or goes meanwhile may or may not be counted. */
export async function scrubObjects(objects: string, { onProgress, signal }: ScrubOptions = {}): Promise<ScrubReport> {
  const damaged: Hex[] = [];
  const unreadable: Hex[] = [];
  const done = { objects: 0, bytes: 0 };
  for await (const digest of objectDigests(objects)) {
    signal?.throwIfAborted();
    try {
      const found = await digestOfFile(objectPath(objects, digest), signal);
      if (found === undefined) continue;
      if (found.digest !== digest) damaged.push(digest);
      done.bytes += found.size;
    } catch (error) {
      if (error instanceof UnfaithfulStoreError) damaged.push(digest);
      else if (error instanceof StoreUnavailableError) unreadable.push(digest);
      else throw error;
    }
    done.objects++;
    onProgress?.({ ...done });
  }
  return { ...done, damaged, unreadable };
}

/** `undefined` when the file is gone. */
async function digestOfFile(
  path: string,
  signal: AbortSignal | undefined,
): Promise<{ readonly digest: Hex; readonly size: number } | undefined> {
  const handle = await unlessMissing(open(path, 'r'));
  if (handle === undefined) return undefined;
  try {
    const { size } = await io(handle.stat());
    const hash = createHash('sha256');
    for await (const piece of readStream(handle, 0, size)) {
      signal?.throwIfAborted();
      hash.update(piece);
    }
    return { digest: `0x${hash.digest('hex')}`, size };
  } finally {
    await handle.close();
  }
}
