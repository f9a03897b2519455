import { type CallOptions, LedgerUnavailableError } from '@medseal/core/adapter';
import { type Address, type Authority, checkAuthority, type Hex } from '@medseal/protocol';
import { delay } from './abort.ts';
import { encodeAuthority } from './abi.ts';
import { artifact } from './generated/artifact.ts';
import { connect, type NodeOptions } from './options.ts';
import { makeRelayer, type RelayerOptions } from './relayer.ts';
import { ask } from './rpc.ts';
import { createSender } from './sender.ts';
import { estimateGas } from './simulate.ts';

export type DeployOptions = NodeOptions &
  RelayerOptions &
  CallOptions & {
    /** Who may register and ban, for as long as the ledger lives. */
    readonly authority: Authority;
    /** Milliseconds from one look at the chain to the next; default 1,000. */
    readonly pollInterval?: number;
  };

interface CreationReceipt {
  readonly status: Hex;
  readonly contractAddress: Address;
}

/**
 * Creates a new ledger: a contract with a domain of its own. Resolves with its address when it stands on the chain; wait
 * for finality before anything is signed for it, since a reorganisation would give it another domain.
 *
 * @throws RangeError for an authority that no ledger has.
 * @throws LedgerUnavailableError when the node does not answer or does not take the transaction.
 */
export async function deployLedger(options: DeployOptions): Promise<Address> {
  checkAuthority(options.authority);
  return deployCode(options, artifact.bytecode);
}

/** Deploys other code than that of this package in its place. */
export async function deployCode(options: DeployOptions, bytecode: Hex): Promise<Address> {
  const { signal } = options;
  const relayer = makeRelayer(options);
  if (relayer === undefined) throw new TypeError('A deployment needs a relayer or a privateKey');
  const rpc = connect(options);
  const chainId = BigInt(await ask<Hex>(rpc, 'eth_chainId', [], { signal }));
  const sender = await createSender(rpc, relayer, chainId);
  const data: Hex = `${bytecode}${encodeAuthority(options.authority)}`;
  const gasLimit = await estimateGas(rpc, { from: sender.address, data }, { signal });
  if (typeof gasLimit === 'string') throw new LedgerUnavailableError('The creation reverts');
  const { hash } = await sender.send({ to: null, data, gasLimit }, { signal });
  for (;;) {
    const receipt = await ask<CreationReceipt | null>(rpc, 'eth_getTransactionReceipt', [hash], { signal });
    if (receipt !== null && Number(receipt.status) === 1) return receipt.contractAddress;
    if (receipt !== null) throw new LedgerUnavailableError('The creation of the contract reverted');
    await delay(options.pollInterval ?? DEFAULT_POLL_INTERVAL, signal);
  }
}

const DEFAULT_POLL_INTERVAL = 1_000;
