import { UnfaithfulStoreError } from '../errors/store-errors.ts';
import { unlessAborted } from '../lib/abort.ts';
import type { BlobRef } from '../ports/store.ts';
import type { Bandwidth } from './bandwidth.ts';
import type { Copy } from './copy.ts';
import { silent } from './deadline.ts';
import { mergeLocators, mirrorLocator } from './mirror-locator.ts';
import { inspectCopy } from './inspect-copy.ts';
import { type CopiesToRead, readWhole } from './read-copies.ts';

export interface Restoring {
  readonly from: CopiesToRead;
  readonly bandwidth: Bandwidth;
  readonly signal: AbortSignal;
}

/**
 * Gives a copy back what it lost, from the others, and reads it back. Bytes with another digest are never kept: the
 * stream then fails before its end, and the put with it.
 *
 * @returns the reference, with what the copy says where the object lies now
 * @throws what reading the others or writing to the copy throws; UnfaithfulStoreError when the copy keeps other bytes
 */
export async function restoreCopy(copy: Copy, ref: BlobRef, restoring: Restoring): Promise<BlobRef> {
  const { from, signal } = restoring;
  const { timeout } = from.settings;
  const restored = await putFromOthers(copy, ref, restoring);
  const first = await inspectCopy(copy, restored, { timeout, signal });
  if (first.state === 'whole') return restored;
  if (first.state === 'unreachable') throw first.error;
  // A store that keeps what it has under a digest, without looking whether it is whole.
  await copy.delete(copy.refOf(ref), { timeout, signal });
  const again = await putFromOthers(copy, ref, restoring);
  const second = await inspectCopy(copy, again, { timeout, signal });
  if (second.state === 'unreachable') throw second.error;
  if (second.state !== 'whole')
    throw new UnfaithfulStoreError('The copy does not keep what it is given', { cause: second.error });
  return again;
}

async function putFromOthers(copy: Copy, ref: BlobRef, { from, bandwidth, signal }: Restoring): Promise<BlobRef> {
  await copy.readyFor(ref, { timeout: from.settings.timeout, signal });
  const abort = new AbortController();
  const stop = (): void => abort.abort(signal.reason);
  signal.addEventListener('abort', stop, { once: true });
  if (signal.aborted) stop();
  const others = { ...from, copies: from.copies.filter((other) => other !== copy) };
  let timer: ReturnType<typeof setTimeout> | undefined;
  let given = false;
  async function* watched(): AsyncGenerator<Uint8Array> {
    for await (const piece of bandwidth.pace(
      readWhole(others, ref, { signal: abort.signal, reuse: true }),
      abort.signal,
    )) {
      // The copy's turn: it may take so long for one piece, and for what it does at the end.
      timer = setTimeout(() => abort.abort(silent()), from.settings.timeout);
      yield piece;
      clearTimeout(timer);
    }
    timer = setTimeout(() => abort.abort(silent()), from.settings.timeout);
    given = true;
  }
  const over = Promise.withResolvers<void>();
  copy.taking.add(ref.digest, over.promise);
  try {
    const putting = copy.store.put(watched(), { signal: abort.signal, digest: () => ref.digest });
    const end = (): void => over.resolve();
    putting.then(end, end);
    const { locator } = await unlessAborted(putting, abort.signal);
    return { ...ref, locator: mergeLocators(ref.locator, mirrorLocator(new Map([[copy.name, locator]]))) };
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', stop);
    abort.abort();
    // A copy that was not given all cannot keep it.
    if (!given) over.resolve();
  }
}
