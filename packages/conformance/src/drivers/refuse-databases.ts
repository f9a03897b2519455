/**
 * From now on every database of IndexedDB is refused, until the result is disposed of. For drivers of adapters on
 * IndexedDB; a connection that is open goes on.
 */
export function refuseDatabases(factory: IDBFactory): AsyncDisposable {
  factory.open = () => {
    throw new DOMException('The test refuses it', 'SecurityError');
  };
  return {
    [Symbol.asyncDispose]: async () => {
      Reflect.deleteProperty(factory, 'open');
    },
  };
}
