import type { BlobRef, ReadOptions } from '../ports/store.ts';
import type { Copy } from './copy.ts';
import type { CopyFault } from './conclude.ts';
import { pause, within } from './deadline.ts';

/** One copy's stream of an object. */
export interface CopyReader {
  readonly copy: Copy;
  /** Rejects when the copy keeps silent for too long. */
  next(): Promise<IteratorResult<Uint8Array, unknown>>;
  /** Ends the copy's work. Not waited for: a copy that hangs would hang this too. */
  close(): void;
}

export interface ReaderOptions extends ReadOptions {
  readonly timeout: number;
}

export function readCopy(copy: Copy, ref: BlobRef, { timeout, signal, ...range }: ReaderOptions): CopyReader {
  const abort = new AbortController();
  const stop = (): void => abort.abort(signal?.reason);
  signal?.addEventListener('abort', stop, { once: true });
  if (signal?.aborted === true) stop();
  const iterator = copy.store.get(copy.refOf(ref), { ...range, signal: abort.signal })[Symbol.asyncIterator]();
  return {
    copy,
    next: () => within(timeout, iterator.next()),
    close() {
      signal?.removeEventListener('abort', stop);
      abort.abort();
      iterator.return?.().catch(() => {});
    },
  };
}

export interface OpenedReader {
  readonly reader: CopyReader;
  readonly first: IteratorResult<Uint8Array, unknown>;
}

export interface OpenOptions extends ReaderOptions {
  /** Milliseconds after which the next copy is asked as well. */
  readonly hedgeAfter: number;
  readonly onFault: (fault: CopyFault) => void;
}

/**
 * Asks the copies in turn, the next one when one fails or has given nothing for a while, until the first bytes come.
 *
 * @returns `undefined` when all have failed
 */
export async function openQuickest(
  copies: readonly Copy[],
  ref: BlobRef,
  options: OpenOptions,
): Promise<OpenedReader | undefined> {
  const { hedgeAfter, onFault, ...reading } = options;
  const left = [...copies];
  const running = new Map<CopyReader, Opening>();
  let over = false;
  const fail = ({ reader }: Opening, error: unknown): void => {
    running.delete(reader);
    // One that was closed because another was quicker has not failed.
    if (!over) onFault({ copy: reader.copy, error });
  };
  try {
    for (;;) {
      options.signal?.throwIfAborted();
      const next = left.shift();
      const opening = next && ask(next, ref, reading, fail);
      if (opening !== undefined) running.set(opening.reader, opening);
      if (running.size === 0) return undefined;
      const waiting = new AbortController();
      const turn = left.length > 0 ? [pause(hedgeAfter, waiting.signal).then(() => undefined)] : [];
      const openings = [...running.values()].map(({ opened }) => opened);
      const opened = await Promise.race([...openings, ...turn]).finally(() => waiting.abort());
      if (opened === undefined) continue;
      running.delete(opened.reader);
      for (const { reader, started } of running.values()) reader.copy.outrun(performance.now() - started);
      return opened;
    }
  } finally {
    over = true;
    for (const reader of running.keys()) reader.close();
  }
}

/** A copy that was asked and has given nothing yet. */
interface Opening {
  readonly reader: CopyReader;
  /** By `performance.now()`. */
  readonly started: number;
  /** `undefined` when it failed. */
  readonly opened: Promise<OpenedReader | undefined>;
}

function ask(
  copy: Copy,
  ref: BlobRef,
  reading: ReaderOptions,
  onFailure: (opening: Opening, error: unknown) => void,
): Opening {
  const reader = readCopy(copy, ref, reading);
  const started = performance.now();
  const opened = reader.next().then(
    (first) => {
      copy.answered(performance.now() - started);
      return { reader, first };
    },
    (error: unknown) => {
      reader.close();
      onFailure(opening, error);
      return undefined;
    },
  );
  const opening: Opening = { reader, started, opened };
  return opening;
}
