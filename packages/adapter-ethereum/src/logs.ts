import { type CallOptions, LedgerUnavailableError } from '@medseal/core/adapter';
import type { Address, CommandId } from '@medseal/protocol';
import { readBlock } from './blocks.ts';
import { ENTRY_TOPIC } from './generated/layout.ts';
import { decodeLog, type EntryLog, type RawLog } from './log.ts';
import { toQuantity } from './quantity.ts';
import { type Rpc, RpcError } from './rpc.ts';

/** Entries of some blocks, and the last block that was really covered. */
export interface Page {
  readonly logs: readonly EntryLog[];
  readonly to: number;
}

/** Reads the log of one contract. */
export interface LogReader {
  /** The first entry of a command, `undefined` where the log holds none. */
  find(id: CommandId, options: CallOptions): Promise<EntryLog | undefined>;
  /** Entries from block `from` up to block `to` at most. */
  page(from: number, to: number, options: CallOptions): Promise<Page>;
}

export function logReader(rpc: Rpc, contract: Address, creationBlock: number, pageBlocks: number): LogReader {
  // Nodes limit blocks or logs a request, each in its own words: an objection halves the page, success doubles it.
  let span = pageBlocks;

  const read = async (
    from: number,
    toBlock: string,
    id: CommandId | null,
    options: CallOptions,
  ): Promise<EntryLog[]> => {
    const filter = { address: contract, fromBlock: toQuantity(from), toBlock, topics: [ENTRY_TOPIC, id] };
    const logs = await rpc<readonly RawLog[]>('eth_getLogs', [filter], options);
    return logs.filter(({ removed }) => removed !== true).map(decodeLog);
  };

  const page = async (from: number, to: number, id: CommandId | null, options: CallOptions): Promise<Page> => {
    for (;;) {
      const end = Math.min(to, from + span - 1);
      try {
        const logs = await read(from, toQuantity(end), id, options);
        span = Math.min(pageBlocks, span * 2);
        return { logs, to: end };
      } catch (cause) {
        if (!(cause instanceof RpcError)) throw cause;
        if (end === from) throw new LedgerUnavailableError('The Ethereum node does not give the logs', { cause });
        span = Math.ceil((end - from + 1) / 2);
      }
    }
  };

  const findByPages = async (id: CommandId, options: CallOptions): Promise<EntryLog | undefined> => {
    const { number: head } = await readBlock(rpc, 'latest', options);
    for (let from = creationBlock; from <= head;) {
      const { logs, to } = await page(from, head, id, options);
      if (logs[0] !== undefined) return logs[0];
      from = to + 1;
    }
    return undefined;
  };

  return {
    page: (from, to, options) => page(from, to, null, options),
    // The id is indexed: most nodes search the whole chain at once.
    find: async (id, options) => {
      try {
        return (await read(creationBlock, 'latest', id, options))[0];
      } catch (error) {
        if (error instanceof RpcError) return findByPages(id, options);
        throw error;
      }
    },
  };
}
