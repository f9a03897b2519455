import {
  type CallOptions,
  type Cursor,
  type Ledger,
  type LedgerEntry,
  type LedgerHead,
  LedgerUnavailableError,
  type Receipt,
  RejectedError,
  type Submission,
  UnknownSubmissionError,
  UnsupportedError,
} from '@medseal/core/adapter';
import { type CommandId, type Genesis, PROTOCOL_VERSION, verifyCommand } from '@medseal/protocol';
import { withSignal } from './abort.ts';
import { ENTRY_EVENT } from './chaincode/messages.ts';
import { checkExistence } from './check-existence.ts';
import { parseCursor } from './cursor.ts';
import { EntryIndex } from './entry-index.ts';
import { asLedgerCall, FabricChannel, type Scope, wholeChaincode } from './fabric-channel.ts';
import type { FabricLedgerOptions } from './options.ts';
import { type Deadlines, withDefaults } from './peer-link.ts';
import { blockNumber, type EntrySource, readEntries } from './read-block.ts';
import { readGenesis } from './read-genesis.ts';
import { type Command, type CommandSender, commandSender } from './send-command.ts';
import { streamBlocks } from './stream-blocks.ts';

interface Opened {
  readonly channel: FabricChannel;
  readonly genesis: Genesis;
  /** Block in which the chaincode was initialised: no entry stands before it. */
  readonly firstBlock: number;
  readonly deadlines: Deadlines;
  readonly clock: () => number;
}

class FabricLedger implements Ledger {
  readonly genesis: Genesis;
  /** Committed blocks are final. */
  readonly supports = { finalityDelay: 0, proof: null };
  readonly #opened: Opened;
  readonly #source: EntrySource;
  readonly #sender: CommandSender;
  readonly #closed = new AbortController();
  /** Commands that this adapter is sending now. */
  readonly #sending = new Map<CommandId, Promise<Receipt>>();
  #index: EntryIndex | undefined;
  #last: { readonly height: number; readonly entry: LedgerEntry | undefined };

  constructor(opened: Opened) {
    const { channel, deadlines, firstBlock, clock } = opened;
    this.genesis = opened.genesis;
    this.#opened = opened;
    this.#source = { chaincode: channel.chaincode, event: channel.scope.name + ENTRY_EVENT };
    this.#sender = commandSender(channel, { commitMs: deadlines.commitMs, clock });
    this.#last = { height: firstBlock, entry: undefined };
  }

  async submit(wire: Uint8Array, { signal }: CallOptions = {}): Promise<Submission> {
    signal?.throwIfAborted();
    const verified = verifyCommand(wire, this.genesis);
    if ('outcome' in verified) throw new RejectedError(verified.code);
    const { id, command } = verified;
    let sending = this.#sending.get(id);
    if (sending === undefined) {
      // Goes on when a caller's signal aborts: others may wait for it, and what is sent cannot be called back.
      const sent = this.#send({ id, wire: wire.slice(), validUntil: command.validUntil });
      sending = this.#whileOpen(sent).finally(() => this.#sending.delete(id));
      this.#sending.set(id, sending);
    }
    const receipt = await withSignal(sending, signal);
    const settled = (): Promise<Receipt> => Promise.resolve(receipt);
    return { id, committed: settled, final: settled };
  }

  submission(id: CommandId): Submission {
    const find = async ({ signal }: CallOptions = {}): Promise<Receipt> => {
      const sending = this.#sending.get(id);
      if (sending !== undefined) return withSignal(sending, signal);
      const receipt = await this.#whileOpen(this.#find(id), signal);
      if (receipt === undefined) throw new UnknownSubmissionError(id);
      return receipt;
    };
    return { id, committed: find, final: find };
  }

  async *entries(
    options: CallOptions & { readonly after?: Cursor | undefined; readonly follow?: boolean | undefined } = {},
  ): AsyncGenerator<LedgerEntry> {
    const { after, follow = false, signal } = options;
    signal?.throwIfAborted();
    const start = after === undefined ? { block: this.#opened.firstBlock, index: -1 } : parseCursor(after);
    const until = follow ? undefined : await this.#whileOpen(this.#height(), signal);
    if (until !== undefined && after !== undefined && start.block >= until)
      throw new LedgerUnavailableError('The peer has not reached the block of the cursor');
    for await (const { entries } of this.#blocks(start.block, until, signal)) {
      for (const entry of entries) if (after === undefined || entry.cursor > after) yield entry;
    }
  }

  /** The time is that of this client's clock, or of the last entry where that is later: Fabric has no clock of its own. */
  async head({ signal }: CallOptions = {}): Promise<LedgerHead> {
    const last = await this.#whileOpen(this.#lastEntry(), signal);
    return { cursor: last?.cursor, time: Math.max(this.#opened.clock(), last?.time ?? 0) };
  }

  prove(): Promise<Uint8Array> {
    return Promise.reject(new UnsupportedError('This adapter has no proofs to give'));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed.abort(new LedgerUnavailableError('The ledger was closed'));
    this.#opened.channel.close();
  }

  #whileOpen<T>(promise: Promise<T>, signal?: AbortSignal): Promise<T> {
    const closed = this.#closed.signal;
    return withSignal(promise, signal === undefined ? closed : AbortSignal.any([closed, signal]));
  }

  async #send(command: Command): Promise<Receipt> {
    const { id } = command;
    const known = await this.#find(id);
    if (known !== undefined) return known;
    try {
      const block = await this.#sender.send(command);
      const receipt = await this.#find(id, block + 1);
      if (receipt === undefined) throw new LedgerUnavailableError('The block of the command does not hold it');
      return receipt;
    } catch (error) {
      // State refuses a repeat. Somebody else may have sent the same command in the meantime.
      const receipt = error instanceof RejectedError ? await this.#find(id) : undefined;
      if (receipt === undefined) throw error;
      return receipt;
    }
  }

  /** First receipt of a command among the blocks below `height`, by default all of them. */
  async #find(id: CommandId, height?: number): Promise<Receipt | undefined> {
    const index = this.#startedIndex();
    await index.reached(height ?? (await this.#height()), this.#opened.deadlines.commitMs, this.#closed.signal);
    return index.get(id);
  }

  /** The index, which follows the log from its first use on. */
  #startedIndex(): EntryIndex {
    if (this.#index === undefined) {
      const index = new EntryIndex(this.genesis.domain, this.#opened.firstBlock);
      this.#index = index;
      const follow = async (): Promise<void> => {
        for await (const block of this.#blocks(this.#opened.firstBlock, undefined, undefined)) index.add(block);
      };
      follow().catch((error: unknown) => index.end(error));
    }
    return this.#index;
  }

  async *#blocks(
    from: number,
    until: number | undefined,
    signal: AbortSignal | undefined,
  ): AsyncGenerator<{ readonly number: number; readonly entries: readonly LedgerEntry[] }> {
    const { channel, deadlines } = this.#opened;
    const closed = this.#closed.signal;
    const range = { from, until, stallMs: deadlines.evaluateMs };
    const either = signal === undefined ? closed : AbortSignal.any([closed, signal]);
    try {
      for await (const block of streamBlocks(channel.pool, { ...range, signal: either }))
        yield { number: blockNumber(block), entries: readEntries(block, this.#source) };
    } catch (error) {
      // Like any log at its end, that of a closed ledger gives no more.
      if (!closed.aborted || signal?.aborted === true) throw error;
    }
  }

  #height(): Promise<number> {
    return asLedgerCall(() => this.#opened.channel.height());
  }

  /** Backwards from the end of the chain, and no further than the last call came. */
  async #lastEntry(): Promise<LedgerEntry | undefined> {
    const height = await this.#height();
    const { height: known } = this.#last;
    let { entry } = this.#last;
    for (let number = height - 1; number >= known; number--) {
      const block = await asLedgerCall(() => this.#opened.channel.block(number));
      const found = readEntries(block, this.#source).at(-1);
      if (found === undefined) continue;
      entry = found;
      break;
    }
    if (height >= this.#last.height) this.#last = { height, entry };
    return entry;
  }
}

/**
 * Opens the medseal ledger of a channel.
 *
 * @throws WrongLedgerError when channel, chaincode, version or domain are not those configured.
 * @throws LedgerUnavailableError when no peer answers.
 * @throws RangeError when no peer is given.
 */
export function fabricLedger(options: FabricLedgerOptions): Promise<Ledger> {
  return openLedger(options, wholeChaincode);
}

/** {@link fabricLedger} with a scope. */
export async function openLedger(options: FabricLedgerOptions, scope: Scope): Promise<Ledger> {
  const { clock = systemSeconds } = options;
  const deadlines = withDefaults(options.deadlines);
  const channel = new FabricChannel(options, scope);
  try {
    return await asLedgerCall(async () => {
      const { domain, authority, transaction } = await readGenesis(channel, options.domain);
      const firstBlock = blockNumber(await channel.blockOfTransaction(transaction));
      const genesis: Genesis = { protocolVersion: PROTOCOL_VERSION, domain, authority };
      return new FabricLedger({ channel, genesis, firstBlock, deadlines, clock });
    });
  } catch (error) {
    try {
      if (error instanceof LedgerUnavailableError) await checkExistence(channel, deadlines.evaluateMs);
    } finally {
      channel.close();
    }
    throw error;
  }
}

function systemSeconds(): number {
  return Math.floor(Date.now() / 1000);
}
