import { type Address, emptyLogDigest, type Genesis, type Hex } from '@medseal/protocol';
import { WrongLedgerError } from '../errors/ledger-errors.ts';
import { ViewStoreDamagedError } from '../errors/view-store-damaged-error.ts';
import { breather } from '../lib/breather.ts';
import { equalBytes } from '../lib/equal-bytes.ts';
import type { LedgerEntry } from '../ports/ledger.ts';
import type { ViewStore } from '../ports/view-store.ts';
import { encodeCheckpoint, type LogPlace, parseCheckpoint, type SavedPlace } from './saved-log-codec.ts';
import { decodeSavedRow, encodeSavedEntry, encodeSavedList, extendBeside, type SavedRow } from './saved-row.ts';
import type { Snapshot } from './snapshot.ts';
import { collectRun } from './vouched-run.ts';
import { type LogPart, type Voucher, weighVouchers } from './vouchers.ts';

export interface SavedLogOptions {
  readonly store: ViewStore;
  readonly genesis: Genesis;
  readonly key: Uint8Array | undefined;
  /** Whose snapshots are believed. */
  readonly signers: readonly Address[];
  /** Told of damage and of failures to save. Neither stops the reader. */
  readonly onFault: (error: unknown) => void;
}

/** What a view store gave back. */
export interface SavedRun {
  readonly entries: readonly LedgerEntry[];
  /** On whose word they rest, once `doubted` has been checked. */
  readonly vouchers: readonly Voucher[];
  /** Entries whose signatures must be checked: they rest on the word of somebody who is no longer trusted. */
  readonly doubted: LogPart;
}

const nothing: SavedRun = { entries: [], vouchers: [], doubted: { from: 0, to: 0 } };

const start: LogPlace = { length: 0, digest: emptyLogDigest };

/** Rows that wait to be saved at most, before reading waits for the store. */
const MOST_PENDING = 1024;

/** A reader's own copy of the log in a view store, and the sealed record lists that it has met. */
export class SavedLog {
  readonly #options: SavedLogOptions;
  #pending: Uint8Array[] = [];
  /** Behind the rows that wait. */
  #place: SavedPlace = { ...start, rows: 0, beside: emptyLogDigest, vouchers: [] };
  readonly #lists = new Map<Hex, readonly Uint8Array[]>();
  /** What the store says the log rests on is no longer so. */
  #changed = false;
  #stopped = false;
  #saving: Promise<void> = Promise.resolve();

  constructor(options: SavedLogOptions) {
    this.#options = options;
  }

  /** More rows wait than should: await `flush` before reading on. */
  get full(): boolean {
    return this.#pending.length >= MOST_PENDING;
  }

  /**
   * The entries that were saved, all of them as their checkpoint and `vouched` say. A store that is damaged is cleared
   * and gives none.
   *
   * @throws WrongLedgerError for the log of another ledger: it is left alone. StoreUnavailableError
   */
  async load(vouched: readonly Snapshot[]): Promise<SavedRun> {
    try {
      return await this.#load(vouched);
    } catch (error) {
      if (!(error instanceof ViewStoreDamagedError)) throw error;
      this.#options.onFault(error);
      await this.#options.store.clear();
      return nothing;
    }
  }

  /** Notes on whose word entries rest, in all. Before they are added, so that none is ever saved without. */
  vouch(vouchers: readonly Voucher[]): void {
    this.#place = { ...this.#place, vouchers };
    this.#changed = true;
  }

  /** Takes the entry that ends at `place`, to be saved by the next `flush`. */
  add(entry: LedgerEntry, place: LogPlace): void {
    if (!this.#stopped) this.#add({ entry }, encodeSavedEntry(entry), place);
  }

  /** Sealed lists with this scope. */
  lists(scope: Hex): readonly Uint8Array[] {
    return this.#lists.get(scope) ?? [];
  }

  /** Takes a sealed list, to be saved by the next `flush`; none twice. */
  addList(scope: Hex, sealed: Uint8Array): void {
    if (this.#stopped || this.lists(scope).some((known) => equalBytes(known, sealed))) return;
    const list = { scope, sealed: sealed.slice() };
    this.#remember({ list });
    this.#add({ list }, encodeSavedList(list), this.#place);
  }

  /** Forgets everything, and saves nothing more. Does not reject: a store that cannot be cleared is told of. */
  async discard(): Promise<void> {
    const { store, onFault } = this.#options;
    this.#stopped = true;
    await store.clear().catch(onFault);
  }

  /** Resolves when all that was added is saved, or saving has been given up. Never rejects. */
  flush(): Promise<void> {
    this.#saving = this.#saving.then(() => this.#save());
    return this.#saving;
  }

  async #load(vouched: readonly Snapshot[]): Promise<SavedRun> {
    const { store, genesis, signers } = this.#options;
    const bytes = await store.checkpoint();
    if (bytes === undefined) return nothing;
    const saved = orDamaged(() => parseCheckpoint(bytes, this.#options.key));
    if (saved.domain !== genesis.domain) throw new WrongLedgerError('The view store holds the log of another ledger');
    const rows = await decodeAll(store.load());
    const entries = rows.flatMap((row) => ('entry' in row ? [row.entry] : []));
    const given = vouched.filter(({ length }) => length <= saved.length);
    const run = await collectRun(entries, start, [...given, saved]);
    const beside = rows.reduce(extendBeside, emptyLogDigest);
    const isWhole = rows.length === saved.rows && entries.length === saved.length && equalBytes(beside, saved.beside);
    if (run.mismatch !== undefined || !isWhole)
      throw new ViewStoreDamagedError('What was saved is not what its checkpoint says');
    for (const row of rows) this.#remember(row);
    const { vouchers, changed, doubted } = weighVouchers(saved.vouchers, given, (signer) => signers.includes(signer));
    this.#place = { ...saved, vouchers };
    this.#changed = changed;
    return { entries, vouchers, doubted };
  }

  #add(row: SavedRow, bytes: Uint8Array, place: LogPlace): void {
    this.#pending.push(bytes);
    const { rows, beside } = this.#place;
    this.#place = { ...this.#place, ...place, rows: rows + 1, beside: extendBeside(beside, row) };
  }

  #remember(row: SavedRow): void {
    if ('list' in row) this.#lists.set(row.list.scope, [...this.lists(row.list.scope), row.list.sealed]);
  }

  async #save(): Promise<void> {
    const { store, genesis, key, onFault } = this.#options;
    if (this.#stopped || (this.#pending.length === 0 && !this.#changed)) return;
    const [rows, place] = [this.#pending, this.#place];
    this.#pending = [];
    this.#changed = false;
    try {
      const at = place.rows - rows.length;
      // Another reader that shares the store saves the same log: one is enough.
      this.#stopped = !(await store.append(at, rows, encodeCheckpoint(genesis.domain, place, key)));
    } catch (error) {
      // What is saved is still good. The view does without from here on, and saves on after the next start.
      this.#stopped = true;
      onFault(error);
    }
    if (this.#stopped) this.#pending = [];
  }
}

async function decodeAll(stored: AsyncIterable<Uint8Array>): Promise<readonly SavedRow[]> {
  const breathe = breather();
  const rows: SavedRow[] = [];
  for await (const bytes of stored) {
    rows.push(orDamaged(() => decodeSavedRow(bytes)));
    await breathe();
  }
  return rows;
}

function orDamaged<T>(read: () => T): T {
  try {
    return read();
  } catch (cause) {
    throw new ViewStoreDamagedError('What was saved of the log cannot be read', { cause });
  }
}
