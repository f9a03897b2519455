import { type CallOptions, LedgerUnavailableError } from '@medseal/core/adapter';
import type { Address, Hex } from '@medseal/protocol';
import { feeReader, type Fees } from './fees.ts';
import type { Relayer } from './relayer.ts';
import { ask, type Rpc, RpcError } from './rpc.ts';

/** A transaction that the node has taken. The bytes are kept: a reorganisation may drop it from the chain and the pool. */
export interface SentTransaction {
  readonly hash: Hex;
  readonly raw: Hex;
  readonly nonce: number;
}

export interface TransactionBody {
  readonly to: Address | null;
  readonly data: Hex;
  readonly gasLimit: bigint;
}

/** Sends transactions of one relayer. */
export interface Sender {
  readonly address: Address;
  send(body: TransactionBody, options: CallOptions): Promise<SentTransaction>;
}

// Somebody else may use the same key: then the nonce is asked for again.
const MAX_ATTEMPTS = 5;

/** The node's view of the nonce lags behind our own for a moment; after this many milliseconds it is asked again. */
const NONCE_TRUST = 30_000;

/**
 * Nonces are given out one at a time and only behind a transaction that the node has taken: concurrent callers wait for
 * each other here, and no gap can arise that would hold up all that follows.
 */
export async function createSender(rpc: Rpc, relayer: Relayer, chainId: bigint): Promise<Sender> {
  const address = (await relayer.getAddress()).toLowerCase() as Address;
  const readFees = feeReader(rpc);
  let queue: Promise<unknown> = Promise.resolve();
  let next: { readonly nonce: number; readonly at: number } | undefined;

  const nextNonce = async (callOptions: CallOptions): Promise<number> => {
    if (next !== undefined && performance.now() - next.at < NONCE_TRUST) return next.nonce;
    return Number(await ask<Hex>(rpc, 'eth_getTransactionCount', [address, 'pending'], callOptions));
  };

  const attempt = async (body: TransactionBody, fees: Fees, callOptions: CallOptions): Promise<SentTransaction> => {
    const nonce = await nextNonce(callOptions);
    next = undefined;
    const raw = (await relayer.signTransaction({ ...body, ...fees, chainId, nonce })) as Hex;
    callOptions.signal?.throwIfAborted();
    const hash = await rpc<Hex>('eth_sendRawTransaction', [raw], callOptions);
    next = { nonce: nonce + 1, at: performance.now() };
    return { hash, raw, nonce };
  };

  const sendNow = async (body: TransactionBody, fees: Fees, callOptions: CallOptions): Promise<SentTransaction> => {
    callOptions.signal?.throwIfAborted();
    for (let left = MAX_ATTEMPTS; ; left--) {
      try {
        return await attempt(body, fees, callOptions);
      } catch (cause) {
        if (!(cause instanceof RpcError)) throw cause;
        if (!isNonceTaken(cause) || left === 1)
          throw new LedgerUnavailableError('The Ethereum node does not take the transaction', { cause });
      }
    }
  };

  return {
    address,
    send: async (body, callOptions) => {
      const fees = await readFees(callOptions);
      const sent = queue.then(() => sendNow(body, fees, callOptions));
      queue = sent.catch(() => undefined);
      return sent;
    },
  };
}

/**
 * Sends the same bytes again. False where the nonce has gone to another transaction, so that these bytes never stand on
 * the chain.
 */
export async function resend(rpc: Rpc, { raw }: SentTransaction, options: CallOptions): Promise<boolean> {
  try {
    await rpc('eth_sendRawTransaction', [raw], options);
    return true;
  } catch (cause) {
    if (!(cause instanceof RpcError)) throw cause;
    if (isKnown(cause)) return true;
    if (isNonceTaken(cause)) return false;
    throw new LedgerUnavailableError('The Ethereum node does not take the transaction', { cause });
  }
}

// The wording of geth, which the other clients follow in these cases; no code tells them apart.
function isNonceTaken({ message }: RpcError): boolean {
  return /nonce too low|underpriced|nonce has already been used/i.test(message);
}

function isKnown({ message }: RpcError): boolean {
  return /already known|already imported/i.test(message);
}
