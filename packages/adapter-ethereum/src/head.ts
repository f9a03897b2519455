import { type CallOptions, type Cursor, type LedgerHead, LedgerUnavailableError } from '@medseal/core/adapter';
import { findBlock, readBlock } from './blocks.ts';
import type { Context } from './context.ts';
import { finalBlockNumber } from './finality.ts';
import { type Rpc, RpcError } from './rpc.ts';

/** Reads the head: searches the log backwards for the last final entry, and only what is new since the last time. */
export function headReader(context: Context): (options: CallOptions) => Promise<LedgerHead> {
  const { rpc, logs, genesis, finality } = context;
  let searched = genesis.block - 1;
  let cursor: Cursor | undefined;

  const search = async (final: number, options: CallOptions): Promise<Cursor | undefined> => {
    for (let to = final, step = 64; to > searched; step *= 2) {
      const from = Math.max(searched + 1, to - step + 1);
      let last: Cursor | undefined;
      for (let start = from; start <= to;) {
        const page = await logs.page(start, to, options);
        last = page.logs.at(-1)?.cursor ?? last;
        start = page.to + 1;
      }
      if (last !== undefined) return last;
      to = from - 1;
    }
    return cursor;
  };

  return async (options) => {
    const time = await nextTime(rpc, options);
    const final = await finalBlockNumber(rpc, finality, options);
    const found = await search(final, options);
    if (final > searched) {
      searched = final;
      cursor = found;
    }
    return { cursor, time };
  };
}

// The next command gets the time of the next block; a node that has no opinion on it still has a last block.
async function nextTime(rpc: Rpc, options: CallOptions): Promise<number> {
  const next = await findBlock(rpc, 'pending', options).catch((error: unknown) => {
    if (error instanceof LedgerUnavailableError && error.cause instanceof RpcError) return undefined;
    throw error;
  });
  return (next ?? (await readBlock(rpc, 'latest', options))).time;
}
