import { type CallOptions, LedgerUnavailableError, RejectedError } from '@medseal/core/adapter';
import { type Address, type CommandId, verifyCommand } from '@medseal/protocol';
import { encodeSubmit } from './abi.ts';
import type { Attempt, Context } from './context.ts';
import { RpcError } from './rpc.ts';
import { resend } from './sender.ts';
import { type Call, estimateGas } from './simulate.ts';

// The state may change between estimate and block: a slot that was written may be empty by then, or the reverse.
const GAS_MARGIN_PERCENT = 25n;

/** Commands remembered as under way; the oldest are forgotten, the chain still has them. */
const MAX_UNDER_WAY = 10_000;

/**
 * Id of a command whose bytes and signatures are good on this ledger.
 *
 * @throws RejectedError with MALFORMED or BAD_SIGNATURE, as the contract would refuse it.
 */
export function verifiedId({ genesis }: Context, wire: Uint8Array): CommandId {
  const verified = verifyCommand(wire, genesis);
  if ('outcome' in verified) throw new RejectedError(verified.code);
  return verified.id;
}

/**
 * Sends a command, unless the log holds it or it is under way. Not bound to the signal of one caller: others may wait for
 * the same.
 *
 * @throws RejectedError with the code of the rule that refuses it now; nothing was sent.
 */
export function sendOnce(context: Context, id: CommandId, wire: Uint8Array): Promise<void> {
  const { sending, closed, underWay } = context;
  const present = sending.get(id);
  if (present !== undefined) return present;
  const sent = sendCommand(context, id, wire, { signal: closed })
    .catch((error: unknown) => {
      // A refusal is an answer: the bytes are not on their way, and the next attempt makes new ones.
      if (error instanceof LedgerUnavailableError && error.cause instanceof RpcError) underWay.delete(id);
      throw error;
    })
    .finally(() => sending.delete(id));
  sending.set(id, sent);
  return sent;
}

/** The transaction's call, as it is simulated before and, where it reverts, after. */
export function callOf({ sender, contract }: Context, wire: Uint8Array): Call & { readonly to: Address } {
  if (sender === undefined) throw new TypeError('This ledger was opened without a relayer: it can only be read');
  return { from: sender.address, to: contract, data: encodeSubmit(wire) };
}

async function sendCommand(context: Context, id: CommandId, wire: Uint8Array, options: CallOptions): Promise<void> {
  const { rpc, sender, logs } = context;
  if (await isUnderWay(context, id, options)) return;
  if ((await logs.find(id, options)) !== undefined) return;
  const call = callOf(context, wire);
  const gas = await estimateGas(rpc, call, options);
  if (typeof gas === 'string') {
    // Between our look at the log and this answer the command itself may have come in by another way.
    if ((await logs.find(id, options)) !== undefined) return;
    throw new RejectedError(gas, { id });
  }
  const gasLimit = gas + (gas * GAS_MARGIN_PERCENT) / 100n;
  const body = { to: call.to, data: call.data, gasLimit };
  const transaction = await sender?.send(body, options, (signed) => {
    remember(context, id, { wire, transaction: signed, taken: false });
  });
  if (transaction !== undefined) remember(context, id, { wire, transaction, taken: true });
}

/** Whether the node has a transaction for this command. One whose fate is unknown is handed over again, the same bytes. */
async function isUnderWay({ rpc, underWay }: Context, id: CommandId, options: CallOptions): Promise<boolean> {
  const attempt = underWay.get(id);
  if (attempt === undefined || attempt.taken) return attempt !== undefined;
  const taken = await resend(rpc, attempt.transaction, options);
  if (taken) underWay.set(id, { ...attempt, taken });
  else underWay.delete(id);
  return taken;
}

function remember({ underWay }: Context, id: CommandId, attempt: Attempt): void {
  underWay.set(id, attempt);
  const [oldest] = underWay.keys();
  if (underWay.size > MAX_UNDER_WAY && oldest !== undefined) underWay.delete(oldest);
}
