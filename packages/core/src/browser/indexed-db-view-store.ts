import { unlessAborted } from '../lib/abort.ts';
import type { ViewStore } from '../ports/view-store.ts';
import { answer, browserDatabase } from './indexed-db.ts';

export interface IndexedDbOptions {
  /** The browser's own by default. */
  readonly indexedDB?: IDBFactory | undefined;
}

const ENTRIES = 'entries';
const CHECKPOINT = 'checkpoint';
const LAST = 'last';

/** Entries that one transaction reads. */
const AT_ONCE = 1000;

/**
 * A view's entries in the browser's IndexedDB. Writes ask for strict durability. Every page of the same origin can read
 * and alter it: give the view a `storeKey`. The browser may delete it when space is short, unless the page has asked for
 * `navigator.storage.persist()`; the view then reads from the ledger again.
 *
 * @param name of the database; one for each ledger and user.
 * @throws UnsupportedError where there is no IndexedDB.
 */
export function indexedDbViewStore(name: string, { indexedDB }: IndexedDbOptions = {}): ViewStore {
  const database = browserDatabase(name, [ENTRIES, CHECKPOINT], indexedDB);
  return {
    async checkpoint({ signal } = {}) {
      signal?.throwIfAborted();
      const reading = database.run('readonly', (transaction) =>
        answer(transaction.objectStore(CHECKPOINT).get(LAST) as IDBRequest<Uint8Array | undefined>),
      );
      return unlessAborted(reading, signal);
    },
    async *load({ signal } = {}) {
      for (let next = 0; ; next += AT_ONCE) {
        signal?.throwIfAborted();
        const keys = IDBKeyRange.bound(next, next + AT_ONCE, false, true);
        const reading = database.run('readonly', (transaction) =>
          answer(transaction.objectStore(ENTRIES).getAll(keys) as IDBRequest<Uint8Array[]>),
        );
        const found = await unlessAborted(reading, signal);
        for (const entry of found) {
          signal?.throwIfAborted();
          yield entry;
        }
        if (found.length < AT_ONCE) return;
      }
    },
    append: (at, entries, checkpoint) =>
      database.run('readwrite', async (transaction) => {
        const store = transaction.objectStore(ENTRIES);
        const last = await answer(store.openKeyCursor(null, 'prev'));
        if ((last === null ? 0 : Number(last.key) + 1) !== at) return false;
        entries.forEach((entry, index) => store.add(entry.slice(), at + index));
        transaction.objectStore(CHECKPOINT).put(checkpoint.slice(), LAST);
        return true;
      }),
    clear: () =>
      database.run('readwrite', async (transaction) => {
        transaction.objectStore(ENTRIES).clear();
        transaction.objectStore(CHECKPOINT).clear();
      }),
    [Symbol.asyncDispose]: () => database.close(),
  };
}
