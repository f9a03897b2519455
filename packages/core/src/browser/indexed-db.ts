import { StoreUnavailableError } from '../errors/store-errors.ts';
import { UnsupportedError } from '../errors/unsupported-error.ts';

/** One database of the browser, opened when it is first used and again after the browser has closed it. */
export interface BrowserDatabase {
  /**
   * Runs one transaction. Resolves with what `work` gave once the transaction has ended: a write has then reached the
   * disk, as far as the browser can tell.
   *
   * @throws StoreUnavailableError when the browser refuses, such as for want of space.
   */
  run<T>(mode: 'readonly' | 'readwrite', work: (transaction: IDBTransaction) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

/** @param stores names of the object stores; keys are given with each value. */
export function browserDatabase(
  name: string,
  stores: readonly string[],
  factory: IDBFactory | undefined = globalThis.indexedDB,
): BrowserDatabase {
  if (factory === undefined) throw new UnsupportedError('There is no IndexedDB here');
  let opened: Promise<IDBDatabase> | undefined;
  let closed = false;

  const forget = (): void => {
    opened = undefined;
  };

  return {
    async run(mode, work) {
      if (closed) throw new StoreUnavailableError('The database was closed');
      const opening = (opened ??= openDatabase(factory, { name, stores, onGone: forget }));
      try {
        const database = await opening;
        const transaction = database.transaction(stores, mode, { durability: 'strict' });
        const end = ended(transaction);
        const [result] = await Promise.all([
          work(transaction).catch((error: unknown) => abort(transaction, error)),
          end,
        ]);
        return result;
      } catch (cause) {
        if (opened === opening) forget();
        await closeDatabase(opening);
        throw new StoreUnavailableError('The browser’s database does not answer', { cause });
      }
    },
    async close() {
      closed = true;
      const last = opened;
      forget();
      if (last !== undefined) await closeDatabase(last);
    },
  };
}

interface Opening {
  readonly name: string;
  readonly stores: readonly string[];
  /** The connection has ended, though nobody here has closed it. */
  readonly onGone: () => void;
}

function openDatabase(factory: IDBFactory, { name, stores, onGone }: Opening): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = factory.open(name, 1);
    request.addEventListener('upgradeneeded', () => {
      for (const store of stores) request.result.createObjectStore(store);
    });
    request.addEventListener('success', () => {
      const database = request.result;
      database.addEventListener('close', onGone);
      // Somebody wants to delete it: holding on would block him for ever.
      database.addEventListener('versionchange', () => {
        onGone();
        database.close();
      });
      resolve(database);
    });
    request.addEventListener('error', () => reject(failureOf(request)));
  });
}

/** Ends the connection, if there is one, once its transactions have ended. */
function closeDatabase(opening: Promise<IDBDatabase>): Promise<void> {
  return opening.then(
    (database) => database.close(),
    () => {},
  );
}

/** What a request of IndexedDB gives. */
export function answer<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.addEventListener('success', () => resolve(request.result));
    request.addEventListener('error', () => reject(failureOf(request)));
  });
}

/** All or nothing: what was written before the failure would be kept otherwise. */
function abort(transaction: IDBTransaction, reason: unknown): never {
  try {
    transaction.abort();
  } catch {
    // It has ended by itself.
  }
  throw reason;
}

function ended(transaction: IDBTransaction): Promise<void> {
  return new Promise((resolve, reject) => {
    transaction.addEventListener('complete', () => resolve());
    for (const bad of ['error', 'abort']) transaction.addEventListener(bad, () => reject(failureOf(transaction)));
  });
}

function failureOf({ error }: { readonly error: DOMException | null }): Error {
  return error ?? new DOMException('The transaction was aborted', 'AbortError');
}
