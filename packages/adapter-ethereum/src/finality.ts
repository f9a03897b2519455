import type { CallOptions } from '@medseal/core/adapter';
import { type Block, readBlock } from './blocks.ts';
import type { Rpc } from './rpc.ts';

/**
 * When an entry counts as final. `confirmations`: so many blocks, its own included, stand on the chain; 1 suits chains
 * without reorganisations only. `safe` and `finalized`: what the consensus of the chain calls so.
 */
export type Finality = { readonly confirmations: number } | 'safe' | 'finalized';

// Ethereum's slots: 32 an epoch, 12 seconds each. A block is safe after at most two epochs, final after at most three,
// while the network is healthy.
const EPOCH = 32;
const SAFE_EPOCHS = 2;
const FINALIZED_EPOCHS = 3;

/** @throws RangeError where `confirmations` is not a whole number from 1 on. */
export function checkFinality(finality: Finality): void {
  if (typeof finality === 'string') return;
  if (!Number.isSafeInteger(finality.confirmations) || finality.confirmations < 1)
    throw new RangeError('finality.confirmations must be a whole number from 1 on');
}

/** Seconds between commitment and finality, at most. */
export function finalityDelay(finality: Finality, blockTime: number): number {
  if (finality === 'safe') return SAFE_EPOCHS * EPOCH * blockTime;
  if (finality === 'finalized') return FINALIZED_EPOCHS * EPOCH * blockTime;
  return (finality.confirmations - 1) * blockTime;
}

/** Number of the last block whose entries are final; below zero where there is none. */
export async function finalBlockNumber(rpc: Rpc, finality: Finality, options?: CallOptions): Promise<number> {
  if (typeof finality === 'string') return (await readBlock(rpc, finality, options)).number;
  const latest: Block = await readBlock(rpc, 'latest', options);
  return latest.number - (finality.confirmations - 1);
}
