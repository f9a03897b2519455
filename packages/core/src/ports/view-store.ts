import type { CallOptions } from './call-options.ts';

/**
 * Where a reader keeps the log that it has verified, so that it need not verify it again. Knows nothing of what it
 * holds: a list of byte strings that only grows, and one checkpoint that tells how far the list goes. These are the
 * entries of the log, and the record lists that the reader met, which are sealed.
 *
 * A view believes what it finds here without checking signatures: keep it where only the reader can write, or give the
 * view a key that authenticates the checkpoint.
 *
 * Everything fails with StoreUnavailableError when the medium does, and reading with ViewStoreDamagedError where the
 * medium itself finds its contents broken; `clear` works all the same.
 */
export interface ViewStore extends AsyncDisposable {
  /** The checkpoint of the last `append`; `undefined` while the store is empty. */
  checkpoint(options?: CallOptions): Promise<Uint8Array | undefined>;
  /** All entries, in the order in which they were appended. */
  load(options?: CallOptions): AsyncIterable<Uint8Array>;
  /**
   * Adds entries behind the `at` that the store holds, with their checkpoint in the place of the last one: after a crash
   * there are both or neither. Resolves once they would survive it.
   *
   * @returns false, and nothing was changed, when the store does not hold exactly `at` entries: another reader shares it.
   */
  append(at: number, entries: readonly Uint8Array[], checkpoint: Uint8Array): Promise<boolean>;
  /** Forgets everything. */
  clear(): Promise<void>;
}
