import { type Address, type Hex, type Verification, verifyCommand, type VerifyOptions } from '@medseal/protocol';
import { ViewStoreDamagedError } from '../errors/view-store-damaged-error.ts';
import { unlessAborted } from '../lib/abort.ts';
import { breather } from '../lib/breather.ts';
import { systemSeconds } from '../lib/system-seconds.ts';
import { tell } from '../lib/tell.ts';
import { Turns } from '../lib/turns.ts';
import type { CallOptions } from '../ports/call-options.ts';
import type { Cursor, Ledger, LedgerEntry, Receipt } from '../ports/ledger.ts';
import { explain, type Explanation } from './explain.ts';
import type { ViewEntry } from './facts.ts';
import type { LedgerViewOptions } from './ledger-view-options.ts';
import { LogTail } from './log-tail.ts';
import { Projection } from './projection.ts';
import { SavedEnd } from './saved-end.ts';
import { SavedLog } from './saved-log.ts';
import { type Snapshot, verifySnapshot } from './snapshot.ts';
import { collectVouched } from './vouched-run.ts';
import { longestOfEach, type Voucher } from './vouchers.ts';

/**
 * Where an entry comes from: the ledger; the ledger, covered by a trusted snapshot; the view's own store; the store, where
 * it rests on a snapshot that is no longer trusted.
 */
type Origin = 'ledger' | 'vouched' | 'saved' | 'doubted';

/** One reader's view of a ledger: follows its log, never goes back, and can tell when it was last up to date. */
export class LedgerView extends Projection {
  readonly ledger: Ledger;
  /** For those who wait at the end of the log. */
  readonly tail: LogTail = new LogTail((signal) => this.#followLog(signal));
  readonly #now: () => number;
  readonly #verifying: VerifyOptions;
  readonly #saved: SavedLog | undefined;
  readonly #vouched: readonly Snapshot[];
  readonly #places = new Map<Cursor, number>();
  #reachedAt = -Infinity;
  readonly #turns = new Turns();
  #resumed: Promise<void> | undefined;
  #origin: Origin = 'ledger';
  /** Entries may be there without waiting: a long log must not keep the rest of the program from running. */
  readonly #breathe = breather();
  #savedEnd = new SavedEnd([]);
  #vouchers: readonly Voucher[] = [];
  /** Why this view can no longer be trusted. */
  #broken: Error | undefined;

  /** @throws MalformedObjectError or UnverifiedObjectError for a snapshot of another ledger or signer. */
  constructor(ledger: Ledger, options: LedgerViewOptions = {}) {
    super(ledger.genesis);
    const { now = systemSeconds, recover, keccak256, store, storeKey: key, onStoreFault, trust } = options;
    const { genesis } = ledger;
    this.ledger = ledger;
    this.#now = now;
    this.#verifying = { recover, keccak256 };
    const signers = trust?.signers ?? [];
    this.#saved =
      store && new SavedLog({ store, genesis, key, signers, onFault: (error) => tell(onStoreFault, error) });
    const of = { domain: genesis.domain, signers };
    this.#vouched = (trust?.snapshots ?? []).map((bytes) => verifySnapshot(bytes, of));
  }

  /** Seconds, by the reader's own clock, since the view held all that the ledger had. */
  get age(): number {
    return this.#now() - this.#reachedAt;
  }

  /** On whose word the view rests: signers of snapshots that cover entries whose signatures nobody has checked here. */
  get vouchers(): readonly Address[] {
    return this.#vouchers.map(({ signer }) => signer);
  }

  /**
   * Reads what the store has, without asking the ledger, the first time that it is called; `sync` does it too. Waits for
   * no reading of the ledger.
   *
   * @throws WrongLedgerError when the store holds another ledger's log, StoreUnavailableError when it does not answer.
   */
  resume(options: CallOptions = {}): Promise<void> {
    return unlessAborted(this.#resumeOnce(), options.signal);
  }

  /**
   * Reads on to the ledger's head.
   *
   * @throws LedgerDivergedError when the log does not follow from the rules (the view then stays before that entry), or
   *   is not that of a trusted snapshot.
   * @throws LedgerRewrittenError when the log ends before what this view has saved or a trusted snapshot covers.
   * @throws LedgerUnavailableError when the ledger does not answer.
   */
  sync(options: CallOptions = {}): Promise<void> {
    return this.#turns.take(options.signal, () => this.#read(options));
  }

  /** Stays up to date until the signal aborts, and then rejects with its reason; or rejects with what `sync` throws. */
  follow({ signal }: CallOptions = {}): Promise<never> {
    return this.#whileFollowing(async () => {
      for (;;) await this.tail.wait({ signal });
    });
  }

  /** Resolves when the view has processed the entry with this cursor; until then it follows the log. */
  async reached(cursor: Cursor, { signal }: CallOptions = {}): Promise<ViewEntry> {
    signal?.throwIfAborted();
    const found = (): ViewEntry | undefined => this.entries[this.#places.get(cursor) ?? -1];
    return (
      found() ??
      this.#whileFollowing(async () => {
        for (;;) {
          await this.tail.wait({ signal });
          const entry = found();
          if (entry !== undefined) return entry;
        }
      })
    );
  }

  override apply(entry: LedgerEntry): ViewEntry {
    if (this.#broken !== undefined) throw this.#broken;
    const seen = super.apply(entry);
    this.#places.set(seen.cursor, seen.index);
    if (this.#origin === 'ledger' || this.#origin === 'vouched')
      this.#saved?.add(entry, { length: this.entries.length, digest: this.logDigest });
    this.tail.wake();
    return seen;
  }

  /** Which rule would refuse these wire bytes now, without sending them. `time` defaults to the greatest seen. */
  explain(wire: Uint8Array, time: number = this.clock): Explanation {
    return explain(verifyCommand(wire, this.genesis, this.#verifying), time, this.read);
  }

  /** The entry that a receipt promises, or `undefined`: then the ledger has dropped or changed it. */
  confirms(receipt: Receipt): ViewEntry | undefined {
    const entry = this.entry(receipt.id);
    return entry?.time === receipt.time && entry.violation === receipt.violation ? entry : undefined;
  }

  /**
   * Keeps a sealed record list with what the view has saved, so that a later start need not look for it. A view without a
   * store keeps none. Resolves when it is saved, or saving has been given up.
   */
  async keepSealedList(scope: Hex, sealed: Uint8Array, { signal }: CallOptions = {}): Promise<void> {
    if (this.#saved === undefined) return;
    await this.resume({ signal });
    this.#saved.addList(scope, sealed);
    await unlessAborted(this.#saved.flush(), signal);
  }

  /** Sealed record lists with this scope that were kept, each for whoever it was sealed to. */
  sealedLists(scope: Hex): readonly Uint8Array[] {
    return this.#saved?.lists(scope) ?? [];
  }

  protected override verify(wire: Uint8Array): Verification {
    const signatures = this.#origin === 'ledger' || this.#origin === 'doubted' ? 'check' : 'assume';
    return verifyCommand(wire, this.genesis, { ...this.#verifying, signatures });
  }

  async #whileFollowing<T>(work: () => Promise<T>): Promise<T> {
    const release = this.tail.hold();
    try {
      return await work();
    } finally {
      release();
    }
  }

  /** Shared by all who ask, so that none of them may abort it. A failure is tried again. */
  #resumeOnce(): Promise<void> {
    this.#resumed ??= this.#resume().catch((error: unknown) => {
      this.#resumed = undefined;
      throw error;
    });
    return this.#resumed;
  }

  async #resume(): Promise<void> {
    if (this.#broken !== undefined) throw this.#broken;
    const saved = await this.#saved?.load(this.#vouched);
    const { entries = [], vouchers = [], doubted: { from, to } = { from: 0, to: 0 } } = saved ?? {};
    this.#vouchers = vouchers;
    const originOf = (index: number): Origin => (index >= from && index < to ? 'doubted' : 'saved');
    try {
      await this.#applyRun(entries, originOf);
    } catch (cause) {
      this.#broken = new ViewStoreDamagedError('What was saved does not follow from the rules; open a new view', {
        cause,
      });
      await this.#saved?.discard();
      throw this.#broken;
    }
    await this.#saved?.flush();
    this.#savedEnd = new SavedEnd(entries);
  }

  async #read(options: CallOptions): Promise<void> {
    await this.resume(options);
    await this.#readVouched(options);
    const started = this.#now();
    let index = this.entries.length;
    for await (const entry of this.#savedEnd.readOn(this.ledger, this.cursor, options))
      await this.#take(index++, entry);
    await this.#saved?.flush();
    this.#reachedAt = started;
  }

  /** Reads what trusted snapshots cover. */
  async #readVouched(options: CallOptions): Promise<void> {
    const from = { length: this.entries.length, digest: this.logDigest };
    if (!this.#vouched.some(({ length }) => length > from.length)) return;
    const entries = await collectVouched(this.#savedEnd.readOn(this.ledger, this.cursor, options), from, this.#vouched);
    this.#vouchers = longestOfEach([...this.#vouchers, ...this.#vouched]);
    this.#saved?.vouch(this.#vouchers);
    await this.#applyRun(entries, () => 'vouched');
  }

  async #followLog(signal: AbortSignal): Promise<void> {
    await this.sync({ signal });
    let index = this.entries.length;
    for await (const entry of this.ledger.entries({ after: this.cursor, follow: true, signal })) {
      await this.#take(index++, entry);
      void this.#saved?.flush();
    }
  }

  /** Takes the entry at a place of the log, unless another reading has taken it already. */
  async #take(index: number, entry: LedgerEntry): Promise<void> {
    if (index === this.entries.length) this.apply(entry);
    if (this.#saved?.full === true) await this.#saved.flush();
    await this.#breathe();
  }

  async #applyRun(entries: readonly LedgerEntry[], originOf: (index: number) => Origin): Promise<void> {
    for (const [index, entry] of entries.entries()) {
      await this.#breathe();
      if (this.#saved?.full === true) await this.#saved.flush();
      this.#origin = originOf(index);
      try {
        this.apply(entry);
      } finally {
        this.#origin = 'ledger';
      }
    }
  }
}
