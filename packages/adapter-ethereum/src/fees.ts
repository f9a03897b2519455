import type { CallOptions } from '@medseal/core/adapter';
import type { Hex } from '@medseal/protocol';
import { readBlock } from './blocks.ts';
import type { Transaction } from './relayer.ts';
import type { Rpc } from './rpc.ts';

/** Fees as a transaction carries them. */
export type Fees = Pick<Transaction, 'type' | 'gasPrice' | 'maxFeePerGas' | 'maxPriorityFeePerGas'>;

/** The node's tip on twice the present base fee, which lasts for six full blocks; or the node's gas price without one. */
export async function readFees(rpc: Rpc, options: CallOptions): Promise<Fees> {
  const { baseFee } = await readBlock(rpc, 'latest', options);
  if (baseFee === undefined) return { type: 0, gasPrice: BigInt(await rpc<Hex>('eth_gasPrice', [], options)) };
  const tip = BigInt(await rpc<Hex>('eth_maxPriorityFeePerGas', [], options));
  return { type: 2, maxFeePerGas: 2n * baseFee + tip, maxPriorityFeePerGas: tip };
}
