import { emptyLogDigest, type Genesis } from '@medseal/protocol';
import { WrongLedgerError } from '../errors/ledger-errors.ts';
import { ViewStoreDamagedError } from '../errors/view-store-damaged-error.ts';
import { equalBytes } from '../lib/equal-bytes.ts';
import type { CallOptions } from '../ports/call-options.ts';
import type { LedgerEntry } from '../ports/ledger.ts';
import type { ViewStore } from '../ports/view-store.ts';
import {
  decodeSavedEntry,
  encodeCheckpoint,
  encodeSavedEntry,
  extendCursors,
  type LogPlace,
  parseCheckpoint,
  type SavedPlace,
} from './saved-log-codec.ts';
import { collectRun } from './vouched-run.ts';

export interface SavedLogOptions {
  readonly store: ViewStore;
  readonly genesis: Genesis;
  readonly key: Uint8Array | undefined;
  /** Told of damage and of failures to save. Neither stops the reader. */
  readonly onFault: (error: unknown) => void;
}

const start: LogPlace = { length: 0, digest: emptyLogDigest };

/** Entries that wait to be saved at most, before reading waits for the store. */
const MOST_PENDING = 1024;

/** A reader's own copy of the log in a view store. */
export class SavedLog {
  readonly #options: SavedLogOptions;
  #pending: Uint8Array[] = [];
  /** Behind the entries that wait. */
  #place: SavedPlace = { ...start, cursors: emptyLogDigest };
  #stopped = false;
  #saving: Promise<void> = Promise.resolve();

  constructor(options: SavedLogOptions) {
    this.#options = options;
  }

  /** More entries wait than should: await `flush` before reading on. */
  get full(): boolean {
    return this.#pending.length >= MOST_PENDING;
  }

  /**
   * The entries that were saved, all of them as their checkpoint and `vouched` say. A store that is damaged is cleared
   * and gives none.
   *
   * @throws WrongLedgerError for the log of another ledger: it is left alone. StoreUnavailableError
   */
  async load(vouched: readonly LogPlace[], options: CallOptions): Promise<readonly LedgerEntry[]> {
    try {
      return await this.#load(vouched, options);
    } catch (error) {
      if (!(error instanceof ViewStoreDamagedError)) throw error;
      this.#options.onFault(error);
      await this.#options.store.clear();
      return [];
    }
  }

  /** Takes the entry that ends at `place`, to be saved by the next `flush`. */
  add(entry: LedgerEntry, place: LogPlace): void {
    if (this.#stopped) return;
    this.#pending.push(encodeSavedEntry(entry));
    this.#place = { ...place, cursors: extendCursors(this.#place.cursors, entry) };
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

  async #load(vouched: readonly LogPlace[], options: CallOptions): Promise<readonly LedgerEntry[]> {
    const { store, genesis } = this.#options;
    const bytes = await store.checkpoint(options);
    if (bytes === undefined) return [];
    const saved = orDamaged(() => parseCheckpoint(bytes, this.#options.key));
    if (saved.domain !== genesis.domain) throw new WrongLedgerError('The view store holds the log of another ledger');
    const run = await collectRun(decodeAll(store.load(options)), start, [
      ...vouched.filter(({ length }) => length <= saved.length),
      saved,
    ]);
    const cursors = run.entries.reduce(extendCursors, emptyLogDigest);
    if (run.mismatch !== undefined || run.end.length !== saved.length || !equalBytes(cursors, saved.cursors))
      throw new ViewStoreDamagedError('The saved entries are not those of their checkpoint');
    this.#place = { ...run.end, cursors };
    return run.entries;
  }

  async #save(): Promise<void> {
    const { store, genesis, key, onFault } = this.#options;
    if (this.#stopped || this.#pending.length === 0) return;
    const [entries, place] = [this.#pending, this.#place];
    this.#pending = [];
    try {
      const at = place.length - entries.length;
      // Another reader that shares the store saves the same log: one is enough.
      this.#stopped = !(await store.append(at, entries, encodeCheckpoint(genesis.domain, place, key)));
    } catch (error) {
      // What is saved is still good. The view does without from here on, and saves on after the next start.
      this.#stopped = true;
      onFault(error);
    }
    if (this.#stopped) this.#pending = [];
  }
}

async function* decodeAll(rows: AsyncIterable<Uint8Array>): AsyncGenerator<LedgerEntry> {
  for await (const row of rows) yield orDamaged(() => decodeSavedEntry(row));
}

function orDamaged<T>(read: () => T): T {
  try {
    return read();
  } catch (cause) {
    throw new ViewStoreDamagedError('What was saved of the log cannot be read', { cause });
  }
}
