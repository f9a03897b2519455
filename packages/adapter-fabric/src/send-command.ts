import { setTimeout as sleep } from 'node:timers/promises';
import { LedgerUnavailableError, RejectedError } from '@medseal/core/adapter';
import type { CommandId, LedgerCode } from '@medseal/protocol';
import { wireArgument } from './chaincode/submit.ts';
import { asLedgerCall, type EndorsedTransaction, type FabricChannel, VALID } from './fabric-channel.ts';
import { isDisagreement, refusalIn, toLedgerError } from './gateway-errors.ts';

export interface Command {
  readonly id: CommandId;
  readonly wire: Uint8Array;
  /** Seconds since 1970. */
  readonly validUntil: number;
}

/** Hands commands over and sees them committed. Keeps the bytes of transactions whose fate is not known yet. */
export interface CommandSender {
  /**
   * Number of the block that holds the command.
   *
   * @throws RejectedError, LedgerUnavailableError, WrongLedgerError.
   */
  send(command: Command): Promise<number>;
}

/** What sending needs of a channel. */
export type SendingChannel = Pick<FabricChannel, 'commitStatus' | 'endorse' | 'evaluate' | 'isCurrent' | 'order'>;

export interface SenderOptions {
  /** Longest wait for the commitment of an endorsed transaction. */
  readonly commitMs: number;
  /** Seconds since 1970. */
  readonly clock: () => number;
}

const MAX_TRIES = 10;
const FIRST_PAUSE_MS = 20;
const LONGEST_PAUSE_MS = 500;

export function commandSender(channel: SendingChannel, { commitMs, clock }: SenderOptions): CommandSender {
  const unsettled = new Map<CommandId, { readonly transaction: EndorsedTransaction; readonly validUntil: number }>();

  /** Old bytes come first: a fresh endorsement could enter the log beside them. Not those of a dead command. */
  const kept = (id: CommandId): EndorsedTransaction | undefined => {
    for (const [other, { validUntil }] of unsettled) if (validUntil <= clock()) unsettled.delete(other);
    return unsettled.get(id)?.transaction;
  };

  return {
    async send({ id, wire, validUntil }) {
      const argument = wireArgument(wire);
      let code = VALID;
      for (let tries = 0; tries < MAX_TRIES; tries++) {
        if (tries > 0) await pause(tries);
        const transaction = kept(id) ?? (await endorse(channel, id, argument));
        if (transaction === undefined) continue;
        unsettled.set(id, { transaction, validUntil });
        const status = await commit(channel, transaction, commitMs);
        unsettled.delete(id);
        ({ code } = status);
        if (code === VALID) return status.block;
      }
      throw new LedgerUnavailableError(`None of ${MAX_TRIES} tries was committed (last validation code ${code})`);
    },
  };
}

/**
 * `undefined` where endorsers disagree: one that lags behind refuses what the others accept. A refusal counts when the
 * gateway's own peer says it and has every block that this client has seen.
 */
async function endorse(
  channel: SendingChannel,
  id: CommandId,
  argument: string,
): Promise<EndorsedTransaction | undefined> {
  try {
    return await channel.endorse('submit', argument);
  } catch (cause) {
    if (isDisagreement(cause)) return undefined;
    if (rejectionIn(cause) === undefined) throw toLedgerError(cause);
    const code = await simulate(channel, argument);
    if (code === undefined || !(await asLedgerCall(() => channel.isCurrent()))) return undefined;
    throw new RejectedError(code, { id, cause });
  }
}

async function simulate(channel: SendingChannel, argument: string): Promise<LedgerCode | undefined> {
  try {
    await channel.evaluate('submit', argument);
    return undefined;
  } catch (error) {
    const code = rejectionIn(error);
    if (code === undefined) throw toLedgerError(error);
    return code;
  }
}

function rejectionIn(error: unknown): LedgerCode | undefined {
  const refusal = refusalIn(error);
  return refusal !== undefined && 'rejected' in refusal ? refusal.rejected : undefined;
}

/** Sends the same bytes until they are known to be in a block, valid or not. An orderer may lose what it acknowledged. */
async function commit(
  channel: SendingChannel,
  transaction: EndorsedTransaction,
  commitMs: number,
): Promise<{ code: number; block: number }> {
  const end = performance.now() + commitMs;
  for (let tries = 1; ; tries++) {
    try {
      await channel.order(transaction);
      return await channel.commitStatus(transaction);
    } catch (error) {
      const problem = toLedgerError(error);
      if (!(problem instanceof LedgerUnavailableError) || performance.now() > end) throw problem;
      await pause(tries);
    }
  }
}

function pause(tries: number): Promise<void> {
  const longest = Math.min(FIRST_PAUSE_MS * 2 ** tries, LONGEST_PAUSE_MS);
  // At random, so that rivals for one key do not meet again.
  return sleep(longest * (0.5 + Math.random() / 2));
}
