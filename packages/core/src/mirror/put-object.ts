import type { Hex } from '@medseal/protocol';
import type { BlobRef, PutOptions } from '../ports/store.ts';
import type { Copy } from './copy.ts';
import type { MirrorParts } from './mirror-parts.ts';
import { payDebts } from './pay-debts.ts';
import { writeCopies } from './write-copies.ts';

/**
 * Writes one stream to all copies. Where the same object was deleted and a copy still has it, the deletion stands until
 * the new object is safe at a quorum: a put that is interrupted before brings nothing back.
 */
export async function putObject(
  parts: MirrorParts,
  blob: AsyncIterable<Uint8Array>,
  options: PutOptions,
): Promise<BlobRef> {
  const { copies, settings, debts, known, locks, queue, background } = parts;
  let end = (): void => {};
  let ended = false;
  let done = false;
  const missed: Copy[] = [];
  try {
    const ref = await writeCopies(
      {
        copies,
        settings,
        onDigest: async (digest) => {
          end = await beginPut(parts, digest);
          // It was aborted meanwhile.
          if (ended) end();
        },
        alone: async (digest, work) => {
          end();
          const release = await locks.own(digest);
          try {
            if (!known.has(digest)) await work();
          } finally {
            release();
          }
        },
        onQuorum: async (digest) => {
          if (debts.mayHoldDeletion(digest)) await debts.settle(digest);
        },
        onDone: (of) => known.know(of),
        onMissed: (copy, of) => {
          if (done) background.follow(oweLate(parts, copy, of));
          else missed.push(copy);
        },
        onLate: (late) => {
          if (known.has(late.digest)) known.know(late);
        },
        inBackground: (work) => background.follow(work),
      },
      blob,
      options,
    );
    done = true;
    // The object is safe without them: a state that fails here spoils nothing.
    if (missed.length > 0) await debts.owe('restore', ref, missed).catch(() => {});
    for (const copy of missed) queue.add({ copy, ref, task: 'restore' });
    return ref;
  } finally {
    ended = true;
    end();
  }
}

/** Keeps deletions of the object away until the returned function is called. */
async function beginPut(parts: MirrorParts, digest: Hex): Promise<() => void> {
  const { copies, debts, locks, queue } = parts;
  // A deletion at work would hold up this put.
  if (debts.isDeleted(digest)) await queue.cancel(digest);
  const release = await locks.share(digest);
  const end = (): void => {
    release();
    if (debts.isDeleted(digest)) payDebts(parts, debts.of(digest));
  };
  try {
    // Copies that have confirmed it are about to get the object again: should this put not come to its end, all lose it.
    if (debts.isDeleted(digest)) await debts.widenDeletion(digest, copies);
    return end;
  } catch (error) {
    end();
    throw error;
  }
}

/** A copy that was late has failed after all. */
async function oweLate({ debts, known, locks, queue }: MirrorParts, copy: Copy, ref: BlobRef): Promise<void> {
  const release = await locks.share(ref.digest);
  try {
    // It was deleted meanwhile.
    if (!known.has(ref.digest)) return;
    await debts.owe('restore', known.whereabouts(ref), [copy]).catch(() => {});
    queue.add({ copy, ref: known.whereabouts(ref), task: 'restore' });
  } finally {
    release();
  }
}
