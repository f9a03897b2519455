import { type CallOptions, LedgerUnavailableError } from '@medseal/core/adapter';
import type { Hex } from '@medseal/protocol';
import { ask, type Rpc } from './rpc.ts';
import { toQuantity } from './quantity.ts';

/** What the adapter reads of a block's header. */
export interface Block {
  readonly number: number;
  readonly hash: Hex;
  /** Seconds. */
  readonly time: number;
  /** Of EIP-1559; absent on chains without. */
  readonly baseFee: bigint | undefined;
}

export type BlockTag = 'latest' | 'safe' | 'finalized' | 'pending';

interface RawBlock {
  readonly number: Hex;
  readonly hash: Hex;
  readonly timestamp: Hex;
  readonly baseFeePerGas?: Hex | null;
}

/** The block, or `undefined` where the node has none with this number. */
export async function findBlock(rpc: Rpc, block: number | BlockTag, options?: CallOptions): Promise<Block | undefined> {
  const name = typeof block === 'number' ? toQuantity(block) : block;
  const raw = await ask<RawBlock | null>(rpc, 'eth_getBlockByNumber', [name, false], options);
  if (raw === null) return undefined;
  return {
    number: Number(raw.number),
    hash: raw.hash,
    time: Number(raw.timestamp),
    baseFee: typeof raw.baseFeePerGas === 'string' ? BigInt(raw.baseFeePerGas) : undefined,
  };
}

/** @throws LedgerUnavailableError where the node has no such block yet. */
export async function readBlock(rpc: Rpc, block: number | BlockTag, options?: CallOptions): Promise<Block> {
  const found = await findBlock(rpc, block, options);
  if (found === undefined) throw new LedgerUnavailableError('The Ethereum node is behind: it does not have the block');
  return found;
}
