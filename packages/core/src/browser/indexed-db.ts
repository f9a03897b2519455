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

  function open(from: IDBFactory): Promise<IDBDatabase> {
    return new Promise((resolve, reject) => {
      const request = from.open(name, 1);
      request.addEventListener('upgradeneeded', () => {
        for (const store of stores) request.result.createObjectStore(store);
      });
      request.addEventListener('success', () => {
        const database = request.result;
        const forget = (): void => {
          opened = undefined;
        };
        database.addEventListener('close', forget);
        // Somebody wants to delete it: holding on would block him for ever.
        database.addEventListener('versionchange', () => {
          forget();
          database.close();
        });
        resolve(database);
      });
      request.addEventListener('error', () => reject(failureOf(request)));
    });
  }

  return {
    async run(mode, work) {
      try {
        opened ??= open(factory);
        const database = await opened;
        const transaction = database.transaction(stores, mode, { durability: 'strict' });
        const end = ended(transaction);
        const [result] = await Promise.all([
          work(transaction).catch((error: unknown) => abort(transaction, error)),
          end,
        ]);
        return result;
      } catch (cause) {
        opened = undefined;
        throw new StoreUnavailableError('The browser’s database does not answer', { cause });
      }
    },
    async close() {
      const last = opened;
      opened = undefined;
      await last?.then(
        (database) => database.close(),
        () => {},
      );
    },
  };
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
