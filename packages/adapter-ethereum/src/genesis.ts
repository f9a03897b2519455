import { type CallOptions, WrongLedgerError } from '@medseal/core/adapter';
import { type Address, checkAuthority, ethereumDomain, type Hex, PROTOCOL_VERSION } from '@medseal/protocol';
import { decodeGenesis, type StatedGenesis } from './abi.ts';
import { findBlock } from './blocks.ts';
import { functions } from './generated/layout.ts';
import { ask, type Rpc, RpcError } from './rpc.ts';

/** What was fixed when the contract was created, checked against the chain. */
export interface ContractGenesis extends StatedGenesis {
  readonly protocolVersion: typeof PROTOCOL_VERSION;
  readonly chainId: bigint;
}

/**
 * Reads what fixes a ledger and computes its domain again from chain id, contract, parent block and authority.
 *
 * @throws WrongLedgerError when there is no ledger of this protocol version, or its domain is not that of this chain.
 */
export async function readGenesis(
  rpc: Rpc,
  contract: Address,
  chainId: bigint | undefined,
  options: CallOptions,
): Promise<ContractGenesis> {
  const actualChain = BigInt(await ask<Hex>(rpc, 'eth_chainId', [], options));
  if (chainId !== undefined && actualChain !== chainId)
    throw new WrongLedgerError(`The node is on chain ${actualChain}, not on chain ${chainId}`);
  const stated = await readStated(rpc, contract, options);
  if (stated.protocolVersion !== PROTOCOL_VERSION)
    throw new WrongLedgerError(`The contract speaks protocol version ${stated.protocolVersion}`);
  if (ethereumDomain({ ...stated, chainId: actualChain, contract }) !== stated.domain)
    throw new WrongLedgerError('The domain of the contract is not that of its chain, address and authority');
  const parent = await findBlock(rpc, stated.block - 1, options);
  if (parent?.hash !== stated.parentHash)
    throw new WrongLedgerError('The contract was created on another chain: its parent block is not on this one');
  return { ...stated, protocolVersion: PROTOCOL_VERSION, chainId: actualChain };
}

async function readStated(rpc: Rpc, contract: Address, options: CallOptions): Promise<StatedGenesis> {
  try {
    const stated = decodeGenesis(
      await rpc<Hex>('eth_call', [{ to: contract, data: functions.genesis }, 'latest'], options),
    );
    checkAuthority(stated.authority);
    return stated;
  } catch (cause) {
    if (cause instanceof RpcError || cause instanceof RangeError)
      throw new WrongLedgerError('At this address is no medseal ledger', { cause });
    throw cause;
  }
}
