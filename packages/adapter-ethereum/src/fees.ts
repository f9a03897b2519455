import type { CallOptions } from '@medseal/core/adapter';
import type { Hex } from '@medseal/protocol';
import { readBlock } from './blocks.ts';
import type { Transaction } from './relayer.ts';
import { ask, type Rpc } from './rpc.ts';

/** Fees as a transaction carries them. */
export type Fees = Pick<Transaction, 'type' | 'gasPrice' | 'maxFeePerGas' | 'maxPriorityFeePerGas'>;

/** The node's tip on twice the present base fee, which lasts for six full blocks; or the node's gas price without one. */
async function readFees(rpc: Rpc, options: CallOptions): Promise<Fees> {
  const { baseFee } = await readBlock(rpc, 'latest', options);
  if (baseFee === undefined) return { type: 0, gasPrice: BigInt(await ask<Hex>(rpc, 'eth_gasPrice', [], options)) };
  const tip = BigInt(await ask<Hex>(rpc, 'eth_maxPriorityFeePerGas', [], options));
  return { type: 2, maxFeePerGas: 2n * baseFee + tip, maxPriorityFeePerGas: tip };
}

// Fees outlast several blocks, and a second is less than a block on nearly every chain.
const MAX_AGE = 1_000;

/** Reads the fees once for all that is sent within a second. */
export function feeReader(rpc: Rpc): (options: CallOptions) => Promise<Fees> {
  let last: { readonly fees: Fees; readonly at: number } | undefined;
  return async (options) => {
    if (last !== undefined && performance.now() - last.at < MAX_AGE) return last.fees;
    const at = performance.now();
    const fees = await readFees(rpc, options);
    last = { fees, at };
    return fees;
  };
}
