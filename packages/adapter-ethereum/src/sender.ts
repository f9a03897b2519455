import { type CallOptions, LedgerUnavailableError } from '@medseal/core/adapter';
import type { Address, Hex } from '@medseal/protocol';
import { keccak256 } from 'ethers';
import { feeReader, type Fees } from './fees.ts';
import type { Relayer } from './relayer.ts';
import { ask, type Rpc, RpcError } from './rpc.ts';

/** A signed transaction. The bytes are kept: an answer may be lost, a reorganisation may drop what the node took. */
export interface SignedTransaction {
  readonly hash: Hex;
  readonly raw: Hex;
}

export interface TransactionBody {
  readonly to: Address | null;
  readonly data: Hex;
  readonly gasLimit: bigint;
}

/** Sends transactions of one relayer. */
export interface Sender {
  readonly address: Address;
  /**
   * Resolves when the node has taken the transaction.
   *
   * @param signed is told each transaction before it is sent; where the call then fails for want of an answer, the node
   *   may have taken the last of them.
   */
  send(
    body: TransactionBody,
    options: CallOptions,
    signed?: (transaction: SignedTransaction) => void,
  ): Promise<SignedTransaction>;
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

  const sign = async (body: TransactionBody, fees: Fees, nonce: number): Promise<SignedTransaction> => {
    const raw = (await relayer.signTransaction({ ...body, ...fees, chainId, nonce })) as Hex;
    return { raw, hash: keccak256(raw) as Hex };
  };

  const sendNow: Sender['send'] = async (body, callOptions, signed) => {
    const fees = await readFees(callOptions);
    for (let left = MAX_ATTEMPTS; left > 0; left--) {
      callOptions.signal?.throwIfAborted();
      const nonce = await nextNonce(callOptions);
      next = undefined;
      const transaction = await sign(body, fees, nonce);
      signed?.(transaction);
      if (await resend(rpc, transaction, callOptions)) {
        next = { nonce: nonce + 1, at: performance.now() };
        return transaction;
      }
    }
    throw new LedgerUnavailableError('Other transactions of this relayer take every nonce');
  };

  return {
    address,
    send: (body, callOptions, signed) => {
      const sent = queue.then(() => sendNow(body, callOptions, signed));
      queue = sent.catch(() => undefined);
      return sent;
    },
  };
}

/**
 * Hands over the bytes, perhaps once more. False where their nonce has gone to another transaction, so that they never
 * stand on the chain.
 *
 * @throws LedgerUnavailableError where the node does not answer, or refuses them for another reason (its cause is then an
 *   RpcError, and the bytes are not on their way).
 */
export async function resend(rpc: Rpc, { raw }: SignedTransaction, options: CallOptions): Promise<boolean> {
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
