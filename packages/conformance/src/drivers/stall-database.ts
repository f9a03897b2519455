/**
 * Opens a database of IndexedDB as a newer version, and is busy with that until the result is disposed of: everybody else
 * has to wait. The database stays as it was. For drivers of adapters on IndexedDB.
 *
 * @param name of a database of version 1 that has an object store
 * @throws Error when a connection that does not close on `versionchange` has the database open.
 */
export function stallDatabase(name: string, factory: IDBFactory): Promise<AsyncDisposable> {
  const request = factory.open(name, 2);
  const ended = new Promise<void>((resolve) => {
    request.addEventListener('error', () => resolve());
  });
  return new Promise((resolve, reject) => {
    request.addEventListener('blocked', () => reject(new Error(`Somebody has the database ${name} open`)));
    request.addEventListener('error', () => reject(new Error(`The database ${name} does not open`)));
    request.addEventListener('upgradeneeded', () => {
      const { transaction, result } = request;
      const [store = ''] = result.objectStoreNames;
      let over = false;
      // A transaction ends by itself when nobody asks it anything.
      const goOn = (): void => {
        if (over) transaction?.abort();
        else transaction?.objectStore(store).count().addEventListener('success', goOn);
      };
      goOn();
      const end = async (): Promise<void> => {
        over = true;
        await ended;
      };
      resolve({ [Symbol.asyncDispose]: end });
    });
  });
}
