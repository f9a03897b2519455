import type { AnyCommandDefinition, AnyContext, CommandId } from './command.ts';
import type { Command } from './commands/index.ts';
import type { Authority, Genesis } from './encode/domain.ts';
import { commandDigest, type Keccak256 } from './encode/eip712.ts';
import { toHex } from './encode/bytes.ts';
import type { Address } from './encode/kinds.ts';
import { recoverSigner, type RecoverSigner } from './encode/signature.ts';
import { decodeCommand } from './encode/wire.ts';
import { MalformedCommandError } from './malformed-command-error.ts';
import type { LedgerCode } from './rejections.ts';
import type { StateKey } from './state/entity.ts';
import type { ReadState, StateValue, StateWrite } from './state/state-value.ts';
import { type Participant, participant } from './state/participant.ts';

/** Longest time, in seconds, that a signed command may stay valid. */
export const MAX_VALIDITY = 86_400;

/** What the rules say of a command. `rejected` leaves no trace; the others are one entry of the log. */
export type Verdict =
  | { readonly outcome: 'applied'; readonly writes: readonly StateWrite[] }
  | { readonly outcome: 'violation'; readonly code: LedgerCode }
  | { readonly outcome: 'rejected'; readonly code: LedgerCode };

/** A command whose bytes and signatures are good on one ledger. Nothing is known yet of time and state. */
export interface VerifiedCommand {
  readonly id: CommandId;
  readonly command: Command;
  readonly definition: AnyCommandDefinition;
}

export type Verification = VerifiedCommand | { readonly outcome: 'rejected'; readonly code: LedgerCode };

export interface VerifyOptions {
  /** Who signed a digest; by default computed in JavaScript. Another must give the same answers to all bytes. */
  readonly recover?: RecoverSigner | undefined;
  /** Keccak-256 of the command; by default computed in JavaScript. Another must give the same answers to all bytes. */
  readonly keccak256?: Keccak256 | undefined;
  /**
   * `assume` takes the signatures for good, for bytes whose signatures were checked before by somebody trusted.
   * Decoding and the number of signatures are checked all the same. Default `check`.
   */
  readonly signatures?: 'check' | 'assume' | undefined;
}

/** First half of the order of checks: MALFORMED, BAD_SIGNATURE. Needs no state. */
export function verifyCommand(
  wire: Uint8Array,
  genesis: Genesis,
  { recover = recoverSigner, keccak256, signatures: trust }: VerifyOptions = {},
): Verification {
  let decoded;
  try {
    decoded = decodeCommand(wire);
  } catch (error) {
    if (error instanceof MalformedCommandError) return { outcome: 'rejected', code: 'MALFORMED' };
    throw error;
  }
  const { command, definition, words, signatures } = decoded;
  const digest = commandDigest(definition, words, genesis.domain, keccak256);
  const id = toHex(digest);
  // Counted first: recovering a signer is the dearest thing to do with bytes of unknown origin.
  if (signatures.length !== signaturesRequired(definition, genesis.authority)) return badSignature;
  if (trust === 'assume') return { id, command, definition };
  const signers = signatures.map((signature) => recover(digest, signature));
  return signedAsRequired(command, signers, genesis.authority) ? { id, command, definition } : badSignature;
}

const badSignature = { outcome: 'rejected', code: 'BAD_SIGNATURE' } as const;

function signaturesRequired({ signers }: AnyCommandDefinition, { threshold }: Authority): number {
  if (signers === 'actor') return 1;
  return signers === 'authority' ? threshold : threshold + 1;
}

function signedAsRequired(
  command: Command,
  signers: readonly (Address | undefined)[],
  { keys, threshold }: Authority,
): boolean {
  if ('actor' in command) return signers[0] === command.actor;
  const officials = signers.slice(0, threshold);
  const ascending = officials.every((signer, i) => {
    const before = officials[i - 1];
    return signer !== undefined && keys.includes(signer) && (before === undefined || before < signer);
  });
  return ascending && (command.type !== 'register' || signers[threshold] === command.participant);
}

/** State that the second half reads: the command's own reads and the actor. Ledgers with slow state fetch these first. */
export function stateReads({ command, definition }: VerifiedCommand): readonly StateKey<StateValue>[] {
  const own = Object.values(definition.reads(command));
  return 'actor' in command ? [participant.key(command.actor), ...own] : own;
}

/**
 * Second half: COMMAND_EXPIRED, VALIDITY_TOO_LONG, NOT_REGISTERED, BANNED, then the command's own rules in order; the
 * first that fails names the code. Pure and synchronous.
 */
export function judge(verified: Omit<VerifiedCommand, 'id'>, time: number, read: ReadState): Verdict {
  const { command, definition } = verified;
  const actor = 'actor' in command ? (read(participant.key(command.actor)) as Participant | undefined) : undefined;
  const common = commonCheck(command, definition, time, actor);
  if (common !== undefined) return { outcome: 'rejected', code: common };
  const keys = definition.reads(command);
  const s: Record<string, StateValue | undefined> = {};
  for (const name of Object.keys(keys)) {
    const key = keys[name];
    if (key !== undefined) s[name] = read(key);
  }
  const context: AnyContext = { c: command, time, actor, s };
  for (const [code, outcome, test] of definition.rules) {
    if (!test(context)) return { outcome: outcome === 'reject' ? 'rejected' : 'violation', code };
  }
  return { outcome: 'applied', writes: definition.effect(context) };
}

function commonCheck(
  command: Command,
  definition: AnyCommandDefinition,
  time: number,
  actor: Participant | undefined,
): LedgerCode | undefined {
  if (time >= command.validUntil) return 'COMMAND_EXPIRED';
  if (command.validUntil > time + MAX_VALIDITY) return 'VALIDITY_TOO_LONG';
  if (!('actor' in command)) return undefined;
  if (actor === undefined) return 'NOT_REGISTERED';
  if (actor.status === 'banned' && definition.allowsBanned !== true) return 'BANNED';
  return undefined;
}

/** Both halves at once, over state that can be read synchronously. */
export function decide(
  wire: Uint8Array,
  genesis: Genesis,
  time: number,
  read: ReadState,
): Verdict & { readonly id?: CommandId; readonly command?: Command } {
  const verified = verifyCommand(wire, genesis);
  if ('outcome' in verified) return verified;
  return { ...judge(verified, time, read), id: verified.id, command: verified.command };
}
