import {
  type Authority,
  checkAuthority,
  type CommandId,
  type Genesis,
  type Hex,
  judge,
  localDomain,
  PROTOCOL_VERSION,
  type ReadState,
  type StateValue,
  toHex,
  type Verdict,
  type VerifiedCommand,
  verifyCommand,
} from '@medseal/protocol';
import { LedgerUnavailableError, UnknownSubmissionError } from '../errors/ledger-errors.ts';
import { RejectedError } from '../errors/rejected-error.ts';
import { UnsupportedError } from '../errors/unsupported-error.ts';
import type { CallOptions } from '../ports/call-options.ts';
import type { EntriesOptions, Ledger, LedgerEntry, LedgerHead, Receipt, Submission } from '../ports/ledger.ts';
import { systemSeconds } from '../lib/system-seconds.ts';

export interface MemoryLedgerOptions {
  readonly authority: Authority;
  /** 32 bytes that set this ledger apart; random by default. */
  readonly salt?: Hex;
  /** Seconds since 1970; by default the system's clock. Steps back are ignored: ledger time is monotone. */
  readonly clock?: () => number;
}

/** A ledger in memory, with what tests need to look behind it. Everything is final at once and lost at the end. */
export class MemoryLedger implements Ledger {
  readonly genesis: Genesis;
  readonly supports = { finalityDelay: 0, proof: null };
  readonly #clock: () => number;
  readonly #state = new Map<string, StateValue>();
  readonly #log: LedgerEntry[] = [];
  readonly #receipts = new Map<CommandId, Receipt>();
  readonly #followers = new Set<() => void>();
  #time = 0;
  #closed = false;

  /** @throws RangeError when the authority is not well-formed. */
  constructor({ authority, salt, clock = systemSeconds }: MemoryLedgerOptions) {
    checkAuthority(authority);
    const domain = localDomain({ salt: salt ?? toHex(crypto.getRandomValues(new Uint8Array(32))), authority });
    this.genesis = { protocolVersion: PROTOCOL_VERSION, domain, authority };
    this.#clock = clock;
  }

  readonly readState: ReadState = (key) => this.#state.get(key.path);

  async submit(wire: Uint8Array, { signal }: CallOptions = {}): Promise<Submission> {
    this.#checkUse(signal);
    const verified = verifyCommand(wire, this.genesis);
    if ('outcome' in verified) throw new RejectedError(verified.code);
    if (!this.#receipts.has(verified.id)) {
      const verdict = this.#append(verified, wire);
      if (verdict.outcome === 'rejected') throw new RejectedError(verdict.code, { id: verified.id });
    }
    return this.submission(verified.id);
  }

  /** Applies wire bytes as a hostile relayer would send them: no look at whether the log holds them already. */
  relay(wire: Uint8Array): Verdict {
    const verified = verifyCommand(wire, this.genesis);
    return 'outcome' in verified ? verified : this.#append(verified, wire);
  }

  submission(id: CommandId): Submission {
    const receipt = async ({ signal }: CallOptions = {}): Promise<Receipt> => {
      this.#checkUse(signal);
      const found = this.#receipts.get(id);
      if (found === undefined) throw new UnknownSubmissionError(id);
      return found;
    };
    return { id, committed: receipt, final: receipt };
  }

  async *entries({ after, follow = false, signal }: EntriesOptions = {}): AsyncGenerator<LedgerEntry> {
    this.#checkUse(signal);
    let next = after === undefined ? 0 : Number(after) + 1;
    for (;;) {
      const entry = this.#log[next];
      if (entry !== undefined) {
        next++;
        yield { ...entry, wire: entry.wire.slice() };
      } else if (follow) await this.#nextEntry(signal);
      else return;
      if (follow && this.#closed) return;
      this.#checkUse(signal);
    }
  }

  async head({ signal }: CallOptions = {}): Promise<LedgerHead> {
    this.#checkUse(signal);
    return { cursor: this.#log.at(-1)?.cursor, time: this.#now() };
  }

  prove(): Promise<Uint8Array> {
    return Promise.reject(new UnsupportedError('A ledger in memory has no proofs to give'));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true;
    for (const wake of this.#followers) wake();
  }

  #checkUse(signal: AbortSignal | undefined): void {
    signal?.throwIfAborted();
    if (this.#closed) throw new LedgerUnavailableError('The ledger was closed');
  }

  #now(): number {
    return (this.#time = Math.max(this.#time, this.#clock()));
  }

  #append(verified: VerifiedCommand, wire: Uint8Array): Verdict {
    const time = this.#now();
    const verdict = judge(verified, time, this.readState);
    if (verdict.outcome === 'rejected') return verdict;
    const violation = verdict.outcome === 'violation' ? verdict.code : undefined;
    if (verdict.outcome === 'applied') for (const { key, value } of verdict.writes) this.#state.set(key.path, value);
    const cursor = String(this.#log.length);
    const { id } = verified;
    this.#log.push({ cursor, time, wire: wire.slice(), violation });
    if (!this.#receipts.has(id)) this.#receipts.set(id, { id, cursor, time, violation });
    for (const wake of this.#followers) wake();
    return verdict;
  }

  /** Resolves at the next entry or the end, rejects when the signal aborts. */
  #nextEntry(signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      const end = (settle: () => void) => (): void => {
        this.#followers.delete(wake);
        signal?.removeEventListener('abort', stop);
        settle();
      };
      const wake = end(resolve);
      const stop = end(() => reject(signal?.reason as Error));
      this.#followers.add(wake);
      signal?.addEventListener('abort', stop);
    });
  }
}

/** @throws RangeError when the authority is not well-formed. */
export function memoryLedger(options: MemoryLedgerOptions): MemoryLedger {
  return new MemoryLedger(options);
}
