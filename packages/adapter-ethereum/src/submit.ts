import { type CallOptions, RejectedError } from '@medseal/core/adapter';
import { type Address, type CommandId, verifyCommand } from '@medseal/protocol';
import { encodeSubmit } from './abi.ts';
import type { Attempt, Context } from './context.ts';
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
  const { sending, closed } = context;
  const present = sending.get(id);
  if (present !== undefined) return present;
  const sent = sendCommand(context, id, wire, { signal: closed }).finally(() => sending.delete(id));
  sending.set(id, sent);
  return sent;
}

/** The transaction's call, as it is simulated before and, where it reverts, after. */
export function callOf({ sender, contract }: Context, wire: Uint8Array): Call & { readonly to: Address } {
  if (sender === undefined) throw new TypeError('This ledger was opened without a relayer: it can only be read');
  return { from: sender.address, to: contract, data: encodeSubmit(wire) };
}

async function sendCommand(context: Context, id: CommandId, wire: Uint8Array, options: CallOptions): Promise<void> {
  const { rpc, sender, underWay, logs } = context;
  if (underWay.has(id) || (await logs.find(id, options)) !== undefined) return;
  const call = callOf(context, wire);
  const gas = await estimateGas(rpc, call, options);
  if (typeof gas === 'string') {
    // Between our look at the log and this answer the command itself may have come in by another way.
    if ((await logs.find(id, options)) !== undefined) return;
    throw new RejectedError(gas, { id });
  }
  const gasLimit = gas + (gas * GAS_MARGIN_PERCENT) / 100n;
  const transaction = await sender?.send({ to: call.to, data: call.data, gasLimit }, options);
  if (transaction !== undefined) remember(underWay, id, { wire, transaction });
}

function remember(underWay: Context['underWay'], id: CommandId, attempt: Attempt): void {
  underWay.set(id, attempt);
  const [oldest] = underWay.keys();
  if (underWay.size > MAX_UNDER_WAY && oldest !== undefined) underWay.delete(oldest);
}
