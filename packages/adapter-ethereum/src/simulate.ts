import { type CallOptions, LedgerUnavailableError, WrongLedgerError } from '@medseal/core/adapter';
import type { Address, Hex, LedgerCode } from '@medseal/protocol';
import { codeBySelector, WRONG_CHAIN_SELECTOR } from './generated/layout.ts';
import { toQuantity } from './quantity.ts';
import { type Rpc, RpcError } from './rpc.ts';

export interface Call {
  readonly from?: Address;
  /** Absent: creates a contract. */
  readonly to?: Address;
  readonly data: Hex;
}

/**
 * Gas that the command would use in the next block, or the code under which the contract would refuse it.
 *
 * @throws LedgerUnavailableError where the node answers with anything else, e.g. for lack of funds.
 */
export function estimateGas(rpc: Rpc, call: Call, options: CallOptions): Promise<bigint | LedgerCode> {
  return refusalOr(async () => BigInt(await rpc<Hex>('eth_estimateGas', [call, 'pending'], options)));
}

/** The code under which the contract refuses the command on the state after this block, `undefined` where it does not. */
export function refusalAfter(
  rpc: Rpc,
  call: Call,
  block: number,
  options: CallOptions,
): Promise<LedgerCode | undefined> {
  return refusalOr(async () => {
    await rpc('eth_call', [call, toQuantity(block)], options);
    return undefined;
  });
}

async function refusalOr<T>(attempt: () => Promise<T>): Promise<T | LedgerCode> {
  try {
    return await attempt();
  } catch (error) {
    if (!(error instanceof RpcError)) throw error;
    const selector = error.data?.slice(0, 10);
    const code = selector === undefined ? undefined : codeBySelector.get(selector);
    if (code !== undefined) return code;
    if (selector === WRONG_CHAIN_SELECTOR)
      throw new WrongLedgerError('The chain has split off the one that the ledger lives on', { cause: error });
    throw new LedgerUnavailableError('The Ethereum node refused the call', { cause: error });
  }
}
