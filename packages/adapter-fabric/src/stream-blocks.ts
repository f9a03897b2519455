import { setTimeout as sleep } from 'node:timers/promises';
import type { common } from '@hyperledger/fabric-protos';
import { LedgerUnavailableError } from '@medseal/core/adapter';
import type { PeerLink } from './peer-link.ts';
import type { PeerPool } from './peer-pool.ts';
import { blockNumber } from './read-block.ts';

export interface BlockRange {
  readonly from: number;
  /** First block that is not read; absent: the stream follows the chain until the signal aborts. */
  readonly until?: number | undefined;
  readonly signal: AbortSignal;
  /** Longest wait, in milliseconds, for a block below `until`. */
  readonly stallMs: number;
}

const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 1_000;

/**
 * Blocks in order, each once, from one peer after the other. A follower waits for peers that are gone; a bounded read
 * fails when none of them goes on.
 *
 * Whole blocks rather than chaincode events: those skip blocks without events, so that a reader of them cannot tell
 * the end of the log from a slow peer.
 */
export async function* streamBlocks(pool: PeerPool, range: BlockRange): AsyncGenerator<common.Block> {
  const { until, signal } = range;
  let next = range.from;
  let failures = 0;
  const isDone = (): boolean => until !== undefined && next >= until;
  while (!isDone()) {
    const link = pool.current();
    try {
      for await (const block of readFrom(link, next, range)) {
        next = blockNumber(block) + 1;
        failures = 0;
        yield block;
        if (isDone()) return;
      }
    } catch (cause) {
      signal.throwIfAborted();
      pool.leave(link);
      failures++;
      if (until !== undefined && failures >= pool.size)
        throw new LedgerUnavailableError('No peer of the Fabric network delivers blocks', { cause });
      await sleep(Math.min(FIRST_PAUSE_MS * 2 ** (failures - 1), LONGEST_PAUSE_MS), undefined, { signal }).catch(() => {
        signal.throwIfAborted();
      });
    }
  }
}

/** Never ends by itself. */
async function* readFrom(
  { network }: PeerLink,
  startBlock: number,
  { until, signal, stallMs }: BlockRange,
): AsyncGenerator<common.Block> {
  signal.throwIfAborted();
  const blocks = await network.getBlockEvents({ startBlock: BigInt(startBlock) });
  const close = (): void => blocks.close();
  signal.addEventListener('abort', close);
  try {
    const iterator = blocks[Symbol.asyncIterator]();
    for (;;) {
      const next = iterator.next();
      const result = await (until === undefined ? next : within(next, stallMs));
      if (result.done === true) throw new Error('The peer has ended its stream of blocks');
      yield result.value;
    }
  } finally {
    signal.removeEventListener('abort', close);
    close();
  }
}

async function within<T>(promise: Promise<T>, milliseconds: number): Promise<T> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error('The peer has stopped in its stream of blocks')), milliseconds);
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
