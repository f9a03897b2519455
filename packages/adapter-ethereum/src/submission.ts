import { type CallOptions, type Receipt, RejectedError, UnknownSubmissionError } from '@medseal/core/adapter';
import type { CommandId, Hex } from '@medseal/protocol';
import { delay, withSignal } from './abort.ts';
import type { Attempt, Context } from './context.ts';
import { parseCursor } from './cursor.ts';
import { finalBlockNumber } from './finality.ts';
import { receiptOf } from './log.ts';
import { ask } from './rpc.ts';
import { resend } from './sender.ts';
import { refusalAfter } from './simulate.ts';
import { callOf, sendOnce } from './submit.ts';

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
    await checkAttempt(context, id, attempt, options);
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
 * Looks after a transaction that has left no entry yet: puts it back where a reorganisation dropped it, and sends the
 * command anew where the nonce went to another transaction.
 *
 * @throws RejectedError where it reverted because of a rule.
 * @throws UnknownSubmissionError where it reverted for a reason that does not repeat, such as a lack of gas.
 */
async function checkAttempt(context: Context, id: CommandId, attempt: Attempt, options: CallOptions): Promise<void> {
  const { rpc, underWay } = context;
  const { hash } = attempt.transaction;
  const receipt = await ask<TransactionReceipt | null>(rpc, 'eth_getTransactionReceipt', [hash], options);
  if (receipt !== null) {
    if (Number(receipt.status) === 0) await explainRevert(context, id, attempt, Number(receipt.blockNumber), options);
    return;
  }
  if ((await ask<object | null>(rpc, 'eth_getTransactionByHash', [hash], options)) !== null) return;
  if (await resend(rpc, attempt.transaction, options)) return;
  if (underWay.get(id) === attempt) underWay.delete(id);
  await withSignal(sendOnce(context, id, attempt.wire), options.signal);
}

async function explainRevert(
  context: Context,
  id: CommandId,
  attempt: Attempt,
  block: number,
  options: CallOptions,
): Promise<void> {
  const { rpc, underWay, logs } = context;
  const call = callOf(context, attempt.wire);
  const code = (await refusalAfter(rpc, call, block, options)) ?? (await refusalAfter(rpc, call, block - 1, options));
  // The same command, relayed by somebody else, may be what refuses ours.
  if ((await logs.find(id, options)) !== undefined) return;
  if (underWay.get(id) === attempt) underWay.delete(id);
  throw code === undefined ? new UnknownSubmissionError(id) : new RejectedError(code, { id });
}
