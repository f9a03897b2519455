import { type Hex, toHex } from '@medseal/protocol';
import { StoreUnavailableError } from '../errors/store-errors.ts';
import { abortable, unlessAborted } from '../lib/abort.ts';
import { platformBackend } from '../lib/platform-backend.ts';
import type { BlobRef, PutOptions } from '../ports/store.ts';
import { causeOf } from './conclude.ts';
import type { Copy } from './copy.ts';
import { CopyWriter, type Measured, type RunAlone } from './copy-writer.ts';
import { mirrorLocator } from './mirror-locator.ts';
import type { MirrorSettings } from './settings.ts';
import { SharedPieces } from './shared-pieces.ts';

export interface CopiesToWrite {
  readonly copies: readonly Copy[];
  readonly settings: Pick<MirrorSettings, 'writeQuorum' | 'timeout' | 'slack'>;
  /** Called when all bytes are known and no copy has the object yet; waited for. */
  readonly onDigest: (digest: Hex) => Promise<void>;
  /** Called when a quorum has the object, waited for; if it throws, the put has failed. From then on nothing aborts it. */
  readonly onQuorum: (digest: Hex) => Promise<void>;
  /** Called before those that follow. */
  readonly onDone: (ref: BlobRef) => void;
  /** Lets a put that has failed take away what it has left, and nothing of another one. */
  readonly alone: RunAlone;
  /** A copy that has not got the object though the put resolves. Called once its work has ended. */
  readonly onMissed: (copy: Copy, ref: BlobRef) => void;
  /** A copy that got the object later than the put resolved. */
  readonly onLate: (ref: BlobRef) => void;
  /** What goes on behind a put that has resolved. */
  readonly inBackground: (work: Promise<void>) => void;
}

/**
 * Writes one stream, read once, to all copies. Resolves when a quorum has the object; those that are still busy go on.
 * A copy that holds up a quorum of others for more than the timeout, all its delays together, is given up for this put.
 * When it fails, copies that have the object already lose it again, unless they had it before.
 *
 * @throws StoreUnavailableError when too few copies take it, and what the source throws
 */
export async function writeCopies(
  to: CopiesToWrite,
  source: AsyncIterable<Uint8Array>,
  { signal, digest: known, recycle }: PutOptions = {},
): Promise<BlobRef> {
  signal?.throwIfAborted();
  const pieces = new SharedPieces();
  const writers = to.copies.map((copy) => new CopyWriter(copy, to.settings, pieces.giveBack));
  async function write(): Promise<Measured> {
    const feeding = { pieces, hashing: known === undefined, recycle };
    const bytes = await feedAll(to, writers, abortable(source, signal), feeding);
    const digest = known?.() ?? bytes.digest();
    await to.onDigest(digest);
    const measured = { digest, size: bytes.size };
    for (const writer of writers) writer.end(measured);
    await reachQuorum(to, writers);
    return measured;
  }
  try {
    const measured = await unlessAborted(write(), signal);
    signal?.throwIfAborted();
    await to.onQuorum(measured.digest);
    return settleRest(to, writers, measured);
  } catch (error) {
    await Promise.all(writers.map((writer) => writer.undo(error, to.alone)));
    throw error;
  }
}

interface Feeding extends Pick<PutOptions, 'recycle'> {
  readonly pieces: SharedPieces;
  readonly hashing: boolean;
}

interface Fed {
  readonly size: number;
  digest(): Hex;
}

async function feedAll(
  to: CopiesToWrite,
  writers: readonly CopyWriter[],
  source: AsyncIterable<Uint8Array>,
  { pieces, hashing, recycle }: Feeding,
): Promise<Fed> {
  const hash = platformBackend().sha256();
  let size = 0;
  for await (const piece of source) {
    if (piece.length === 0) continue;
    // One copy of the bytes for all: the source may use its buffer again.
    const shared = pieces.copy(piece);
    recycle?.(piece);
    if (hashing) hash.update(shared);
    size += shared.length;
    await makeRoom(to, writers);
    const taking = writers.filter((writer) => !writer.failed);
    pieces.share(shared, taking.length);
    for (const writer of taking) writer.push(shared);
  }
  requireQuorum(to, writers);
  return { size, digest: () => toHex(hash.digest()) };
}

/** Waits for a quorum of copies without limit but their silence, and for the others as long as their patience lasts. */
async function makeRoom(to: CopiesToWrite, writers: readonly CopyWriter[]): Promise<void> {
  for (;;) {
    requireQuorum(to, writers);
    const full = writers.filter((writer) => !writer.failed && !writer.hasRoom);
    if (full.length === 0) return;
    const ready = writers.filter((writer) => !writer.failed && writer.hasRoom).length;
    if (ready >= to.settings.writeQuorum) await Promise.all(full.map((writer) => writer.roomWithinPatience()));
    else await Promise.race(full.map((writer) => writer.room()));
  }
}

function requireQuorum({ settings: { writeQuorum } }: CopiesToWrite, writers: readonly CopyWriter[]): void {
  const faults = writers.flatMap(({ copy, missed }) => (missed === undefined ? [] : [{ copy, error: missed.error }]));
  if (writers.length - faults.length < writeQuorum)
    throw new StoreUnavailableError(`Fewer than ${writeQuorum} copies take the object`, { cause: causeOf(faults) });
}

async function reachQuorum(to: CopiesToWrite, writers: readonly CopyWriter[]): Promise<void> {
  for (;;) {
    requireQuorum(to, writers);
    if (writers.filter(({ ref }) => ref !== undefined).length >= to.settings.writeQuorum) return;
    await Promise.race(writers.filter((writer) => !writer.settled).map((writer) => writer.finished()));
  }
}

/** The mirror's ref; copies that are not done yet go on behind it. */
function settleRest(to: CopiesToWrite, writers: readonly CopyWriter[], { digest, size }: Measured): BlobRef {
  const done = new Map(
    writers.flatMap(({ copy, ref }) => (ref === undefined ? [] : [[copy.name, ref.locator] as const])),
  );
  const ref: BlobRef = { digest, size, locator: mirrorLocator(done) };
  to.onDone(ref);
  for (const writer of writers) {
    if (writer.missed !== undefined) to.onMissed(writer.copy, ref);
    else if (writer.ref === undefined) to.inBackground(finishLate(to, writer, ref));
  }
  return ref;
}

async function finishLate(to: CopiesToWrite, writer: CopyWriter, ref: BlobRef): Promise<void> {
  await writer.finished();
  if (writer.ref === undefined) to.onMissed(writer.copy, ref);
  else to.onLate({ ...ref, locator: mirrorLocator(new Map([[writer.copy.name, writer.ref.locator]])) });
}
