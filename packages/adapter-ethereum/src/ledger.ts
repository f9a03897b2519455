import {
  type CallOptions,
  type Ledger,
  LedgerUnavailableError,
  UnsupportedError,
  type Submission,
} from '@medseal/core/adapter';
import { type Address, type CommandId, isHex } from '@medseal/protocol';
import { withSignal } from './abort.ts';
import type { Context } from './context.ts';
import { readEntries, untilClosed } from './entries.ts';
import { checkFinality, finalityDelay } from './finality.ts';
import { readGenesis } from './genesis.ts';
import { headReader } from './head.ts';
import { logReader } from './logs.ts';
import { connect, type EthereumLedgerOptions } from './options.ts';
import { makeRelayer } from './relayer.ts';
import { createSender } from './sender.ts';
import { waitForCommit, waitForFinality } from './submission.ts';
import { sendOnce, verifiedId } from './submit.ts';

const DEFAULT_BLOCK_TIME = 12;
const DEFAULT_POLL_INTERVAL = 1_000;
const DEFAULT_PAGE_BLOCKS = 2_000;

/**
 * Opens the ledger that a contract keeps. Without `privateKey` or `relayer` it can only be read.
 *
 * @throws WrongLedgerError when the node is on another chain, or the contract is not a ledger of this protocol version
 *   whose domain follows from its chain, address, parent block and authority.
 * @throws LedgerUnavailableError when the node does not answer.
 * @throws TypeError, RangeError for options that make no sense.
 */
export async function ethereumLedger(options: EthereumLedgerOptions): Promise<Ledger> {
  const { finality = 'finalized', blockTime = DEFAULT_BLOCK_TIME, signal } = options;
  checkFinality(finality);
  const contract = parseAddress(options.contract);
  const relayer = makeRelayer(options);
  const rpc = connect(options);
  const chainId = options.chainId === undefined ? undefined : BigInt(options.chainId);
  const genesis = await readGenesis(rpc, contract, chainId, { signal });
  const closing = new AbortController();
  const context: Context = {
    rpc,
    contract,
    genesis,
    finality,
    logs: logReader(rpc, contract, genesis.block, options.pageBlocks ?? DEFAULT_PAGE_BLOCKS),
    pollInterval: options.pollInterval ?? DEFAULT_POLL_INTERVAL,
    sender: relayer === undefined ? undefined : await createSender(rpc, relayer, genesis.chainId),
    underWay: new Map(),
    sending: new Map(),
    closed: closing.signal,
  };
  return openLedger(context, closing, finalityDelay(finality, blockTime));
}

function openLedger(context: Context, closing: AbortController, delaySeconds: number): Ledger {
  const { closed, sending } = context;
  const { protocolVersion, domain, authority } = context.genesis;
  const readHead = headReader(context);

  const within = ({ signal }: CallOptions): { readonly signal: AbortSignal } => ({
    signal: signal === undefined ? closed : AbortSignal.any([signal, closed]),
  });

  const submission = (id: CommandId): Submission => ({
    id,
    committed: (options = {}) => waitForCommit(context, id, within(options)),
    final: (options = {}) => waitForFinality(context, id, within(options)),
  });

  return {
    genesis: { protocolVersion, domain, authority },
    supports: { finalityDelay: delaySeconds, proof: null },
    submit: async (wire, options = {}) => {
      const { signal } = within(options);
      signal.throwIfAborted();
      const id = verifiedId(context, wire);
      await withSignal(sendOnce(context, id, wire), signal);
      return submission(id);
    },
    submission,
    entries: (options = {}) => untilClosed(readEntries(context, { ...options, ...within(options) }), closed, options),
    head: async (options = {}) => readHead(within(options)),
    prove: () => Promise.reject(new UnsupportedError('This adapter has no proofs to give')),
    [Symbol.asyncDispose]: async () => {
      closing.abort(new LedgerUnavailableError('The ledger was closed'));
      await Promise.allSettled(sending.values());
    },
  };
}

function parseAddress(text: string): Address {
  const address = text.toLowerCase();
  if (!isHex(address, 20)) throw new TypeError('contract must be an address: 0x and 40 hex digits');
  return address;
}
