import type { Address, Hex } from '@medseal/protocol';
import { Wallet } from 'ethers';

/** A transaction with all its fields. The fees are those of EIP-1559, or `gasPrice` on chains without it. */
export interface Transaction {
  readonly type: 0 | 2;
  readonly chainId: bigint;
  readonly nonce: number;
  readonly to: Address | null;
  readonly data: Hex;
  readonly gasLimit: bigint;
  readonly gasPrice?: bigint;
  readonly maxFeePerGas?: bigint;
  readonly maxPriorityFeePerGas?: bigint;
}

/** Signs transactions and pays for them. A `Wallet` of ethers is one; a key in an HSM or a signing service fits too. */
export interface Relayer {
  getAddress(): Promise<string>;
  /** The signed transaction as hex. */
  signTransaction(transaction: Transaction): Promise<string>;
}

/** Who pays for transactions. Not a party of the ledger: it can neither forge nor alter what it relays. */
export interface RelayerOptions {
  /** Signs and pays for transactions. */
  readonly relayer?: Relayer;
  /** In place of `relayer`: a key in memory, 32 bytes of hex. */
  readonly privateKey?: string;
}

export function makeRelayer({ relayer, privateKey }: RelayerOptions): Relayer | undefined {
  if (relayer !== undefined || privateKey === undefined) return relayer;
  return new Wallet(privateKey);
}
