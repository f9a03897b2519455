import { AbsentError, UnfaithfulStoreError } from '../errors/store-errors.ts';
import { digesting, sha256Hex } from '../lib/digest.ts';
import { concat } from '@medseal/protocol';
import type { ByteRange } from '../lib/require-range.ts';
import type { CallOptions } from '../ports/call-options.ts';
import type { BlobRef, ReadOptions } from '../ports/store.ts';
import { conclude, type CopyFault, stateOfFault } from './conclude.ts';
import { byHealth, type Copy } from './copy.ts';
import { openQuickest } from './copy-reader.ts';
import type { MirrorSettings } from './settings.ts';

export interface CopiesToRead {
  readonly copies: readonly Copy[];
  readonly settings: Pick<MirrorSettings, 'timeout' | 'hedgeAfter' | 'verifyAhead'>;
  /** Told of copies that lack the object or may have it damaged, once another one gave it. */
  readonly onSuspect: (copy: Copy) => void;
  /** The first to ask, whatever its health. */
  readonly preferred?: Copy | undefined;
}

type ReadingOptions = Pick<ReadOptions, 'signal' | 'reuse'>;

/** One reading: which copies failed in it, and which gave bytes. */
class Reading {
  readonly faults: CopyFault[] = [];
  readonly gave = new Set<Copy>();
  readonly #from: CopiesToRead;
  readonly #signal: AbortSignal | undefined;

  constructor(from: CopiesToRead, { signal }: CallOptions) {
    this.#from = from;
    this.#signal = signal;
  }

  /** Copies that have not failed in this reading, in the order in which to ask. */
  get left(): readonly Copy[] {
    const { copies, preferred } = this.#from;
    const left = byHealth(copies.filter((copy) => !this.faults.some((fault) => fault.copy === copy)));
    return preferred === undefined ? left : left.toSorted((a, b) => Number(b === preferred) - Number(a === preferred));
  }

  readonly fault = (fault: CopyFault): void => {
    // A copy that stops because it was told to has done nothing wrong.
    if (this.#signal?.aborted === true) return;
    this.faults.push(fault);
    // Lacking one object is no sign of bad health.
    if (!(fault.error instanceof AbsentError)) fault.copy.failed();
  };

  tellSuspects(): void {
    for (const fault of this.faults) if (stateOfFault(fault) !== 'unreachable') this.#from.onSuspect(fault.copy);
  }
}

/**
 * The whole object, verified: ends normally only when what was handed out has the right digest. A small object is
 * verified before its first byte is handed out. Of a large one the bytes before a fault have gone out already; reading
 * goes on from another copy at the same place, and a copy that altered bytes silently shows at the end.
 *
 * @throws AbsentError when every copy lacks it, UnfaithfulStoreError when what was read is not the object,
 *   StoreUnavailableError otherwise.
 */
export async function* readWhole(
  from: CopiesToRead,
  ref: BlobRef,
  { signal, reuse }: ReadingOptions = {},
): AsyncGenerator<Uint8Array> {
  if (ref.size <= from.settings.verifyAhead) {
    yield* verifiedPieces(from, ref, { signal });
    return;
  }
  const reading = new Reading(from, { signal });
  const hashed = digesting(pieces(from, reading, ref, { start: 0, end: ref.size, signal, reuse }));
  yield* hashed.stream;
  if (hashed.result()?.digest !== ref.digest) {
    const error = new UnfaithfulStoreError('A copy gave other bytes than the object’s');
    // With one giver it is clear whose fault it is; with several, each is looked at.
    for (const copy of reading.gave)
      if (!reading.faults.some((fault) => fault.copy === copy)) reading.fault({ copy, error });
    reading.tellSuspects();
    throw error;
  }
  reading.tellSuspects();
}

/** Some bytes of the object. The digest of the whole says nothing about them: the payload's encryption protects them. */
export async function* readRange(
  from: CopiesToRead,
  ref: BlobRef,
  range: ByteRange & ReadingOptions,
): AsyncGenerator<Uint8Array> {
  const reading = new Reading(from, range);
  yield* pieces(from, reading, ref, range);
  reading.tellSuspects();
}

/** The pieces from `start` to `end`: after a fault they go on from another copy where they stopped. */
async function* pieces(
  { settings: { timeout, hedgeAfter } }: CopiesToRead,
  reading: Reading,
  ref: BlobRef,
  { start, end, signal, reuse }: ByteRange & ReadingOptions,
): AsyncGenerator<Uint8Array> {
  let position = start;
  for (;;) {
    const span = position === 0 && end === ref.size ? {} : { start: position, end };
    const opened = await openQuickest(reading.left, ref, {
      ...span,
      timeout,
      hedgeAfter,
      signal,
      reuse,
      onFault: reading.fault,
    });
    if (opened === undefined) throw conclude(reading.faults);
    const { reader } = opened;
    const { copy } = reader;
    reading.gave.add(copy);
    try {
      let next: IteratorResult<Uint8Array, unknown> | undefined = opened.first;
      while (next !== undefined && next.done !== true) {
        const piece: Uint8Array = next.value.subarray(0, end - position);
        const surplus: boolean = piece.length < next.value.length;
        position += piece.length;
        if (piece.length > 0) yield piece;
        if (surplus) reading.fault({ copy, error: new UnfaithfulStoreError('The copy gives more than the object') });
        next = surplus ? undefined : await nextPiece(reading, () => reader.next(), copy);
      }
      signal?.throwIfAborted();
      if (position === end) return;
      if (next?.done === true)
        reading.fault({ copy, error: new UnfaithfulStoreError('The copy ends before the object') });
    } finally {
      reader.close();
    }
  }
}

/** The next piece of a copy, or `undefined` when it failed. */
async function nextPiece(
  reading: Reading,
  next: () => Promise<IteratorResult<Uint8Array, unknown>>,
  copy: Copy,
): Promise<IteratorResult<Uint8Array, unknown> | undefined> {
  try {
    return await next();
  } catch (error) {
    reading.fault({ copy, error });
    return undefined;
  }
}

/** A small object: each copy is read to its end and verified by itself. */
async function* verifiedPieces(from: CopiesToRead, ref: BlobRef, { signal }: CallOptions): AsyncGenerator<Uint8Array> {
  const reading = new Reading(from, { signal });
  const { timeout, hedgeAfter } = from.settings;
  for (;;) {
    const opened = await openQuickest(reading.left, ref, { timeout, hedgeAfter, signal, onFault: reading.fault });
    if (opened === undefined) throw conclude(reading.faults);
    const { copy } = opened.reader;
    const collected: Uint8Array[] = [];
    let next: IteratorResult<Uint8Array, unknown> | undefined = opened.first;
    let size = 0;
    // A copy that never ends is not collected without end.
    while (next !== undefined && next.done !== true && size <= ref.size) {
      collected.push(next.value);
      size += next.value.length;
      next = await nextPiece(reading, () => opened.reader.next(), copy);
    }
    opened.reader.close();
    signal?.throwIfAborted();
    if (next === undefined) continue;
    if (next.done === true && size === ref.size && sha256Hex(concat(...collected)) === ref.digest) {
      reading.tellSuspects();
      yield* collected;
      return;
    }
    reading.fault({ copy, error: new UnfaithfulStoreError('The copy has other bytes than the object') });
  }
}
