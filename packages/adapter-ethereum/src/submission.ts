import { type CallOptions, type Receipt, RejectedError, UnknownSubmissionError } from '@medseal/core/adapter';
import type { CommandId, Hex } from '@medseal/protocol';
import { delay } from './abort.ts';
import type { Attempt, Context } from './context.ts';
import { parseCursor } from './cursor.ts';
import { finalBlockNumber } from './finality.ts';
import { receiptOf } from './log.ts';
import { resend } from './sender.ts';
import { refusalAfter } from './simulate.ts';

interface TransactionReceipt {
  readonly status: Hex;
  readonly blockNumber: Hex;
}

/** Resolves when the command stands in the log; see `Submission.committed` of the port. */
export async function waitForCommit(context: Context, id: CommandId, options: CallOptions): Promise<Receipt> {
  for (;;) {
    options.signal?.throwIfAborted();
    const entry = await context.logs.find(id, options);
    if (entry !== undefined) return receiptOf(entry);
    const attempt = context.underWay.get(id);
    if (attempt === undefined) throw new UnknownSubmissionError(id);
    if (await isLost(context, id, attempt, options)) {
      context.underWay.delete(id);
      throw new UnknownSubmissionError(id);
    }
    await delay(context.pollInterval, options.signal);
  }
}

/** Resolves when the entry is deep enough; see `Submission.final` of the port. */
export async function waitForFinality(context: Context, id: CommandId, options: CallOptions): Promise<Receipt> {
  for (;;) {
    // Asked again each time: a reorganisation may have moved the entry, or dropped it.
    const receipt = await waitForCommit(context, id, options);
    const final = await finalBlockNumber(context.rpc, context.finality, options);
    if (parseCursor(receipt.cursor).block <= final) {
      context.underWay.delete(id);
      return receipt;
    }
    await delay(context.pollInterval, options.signal);
  }
}

/**
 * Whether a transaction without an entry has no future: its nonce went to another one, or it reverted for no reason that
 * the contract would repeat.
 *
 * @throws RejectedError where it reverted because of a rule.
 */
async function isLost(context: Context, id: CommandId, attempt: Attempt, options: CallOptions): Promise<boolean> {
  const { rpc } = context;
  const { transaction, call } = attempt;
  const receipt = await rpc<TransactionReceipt | null>('eth_getTransactionReceipt', [transaction.hash], options);
  if (receipt === null) {
    const known = await rpc<object | null>('eth_getTransactionByHash', [transaction.hash], options);
    return known === null && !(await resend(rpc, transaction, options));
  }
  if (Number(receipt.status) === 1) return false;
  const block = Number(receipt.blockNumber);
  const code = (await refusalAfter(rpc, call, block, options)) ?? (await refusalAfter(rpc, call, block - 1, options));
  if (code === undefined) return true;
  // The same command, relayed by somebody else, may be what refuses ours.
  if ((await context.logs.find(id, options)) !== undefined) return false;
  context.underWay.delete(id);
  throw new RejectedError(code, { id });
}
