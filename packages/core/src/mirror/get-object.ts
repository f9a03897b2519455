import { AbsentError } from '../errors/store-errors.ts';
import { abortable } from '../lib/abort.ts';
import type { ByteRange } from '../lib/require-range.ts';
import type { BlobRef, ReadOptions } from '../ports/store.ts';
import type { Copy } from './copy.ts';
import type { MirrorParts } from './mirror-parts.ts';
import { type CopiesToRead, readRange, readWhole } from './read-copies.ts';

export type GetOptions = Pick<ReadOptions, 'signal' | 'attempt' | 'reuse'>;

/** Streams an object out; copies that turn out to lack it or to have it damaged are repaired behind it. */
export async function* getObject(
  parts: MirrorParts,
  ref: BlobRef,
  range: ByteRange,
  { signal, attempt = 0, reuse }: GetOptions,
): AsyncGenerator<Uint8Array> {
  const { debts, known } = parts;
  if (debts.isDeleted(ref.digest)) throw new AbsentError('The object was deleted');
  const whole = range.start === 0 && range.end === ref.size;
  const from = reading(parts, ref, attempt);
  const whereabouts = known.whereabouts(ref);
  const { forgotten } = known;
  const how = { signal, reuse };
  const pieces = whole ? readWhole(from, whereabouts, how) : readRange(from, whereabouts, { ...range, ...how });
  yield* abortable(pieces, signal);
  // Nothing was deleted meanwhile, least of all this.
  if (known.forgotten === forgotten) known.know(ref);
}

function reading({ copies, settings, debts, known, queue }: MirrorParts, ref: BlobRef, attempt: number): CopiesToRead {
  const onSuspect = (copy: Copy): void => {
    if (!debts.isDeleted(ref.digest)) queue.add({ copy, ref: known.whereabouts(ref), task: 'restore' });
  };
  // Somebody has seen bytes that are not authentic, and nobody knows from which copy: all are looked at.
  if (attempt === 1) for (const copy of copies) onSuspect(copy);
  const preferred = attempt > 0 ? copies[(attempt - 1) % copies.length] : undefined;
  return { copies, settings, onSuspect, preferred };
}
