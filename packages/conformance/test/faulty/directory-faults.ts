import { type Directory, type DirectoryKind, memoryDirectory } from '@medseal/core';
import { type DirectoryDriver, memoryDirectoryDriver } from '../../src/index.ts';
import { endedForeignly, failingForeignly, type Faults, isOutage } from './faults.ts';

function directory(change: (honest: Directory) => Partial<Directory>): () => DirectoryDriver {
  const honest = memoryDirectoryDriver();
  return () => ({
    ...honest,
    create: async () => {
      const under = await honest.create();
      return { ...under, directory: { ...under.directory, ...change(under.directory) } };
    },
  });
}

/** What `get` finds, changed. */
const finding = (change: (objects: readonly Uint8Array[]) => readonly Uint8Array[]): (() => DirectoryDriver) =>
  directory((honest) => ({ get: async (kind, id, options) => change(await honest.get(kind, id, options)) }));

export const directoryFaults: Faults<DirectoryDriver> = {
  'gives truncated objects': finding((objects) => objects.map((bytes) => bytes.slice(0, -1))),
  'has no empty objects': finding((objects) => objects.filter(({ length }) => length > 0)),
  'gives the newest first': finding((objects) => objects.toReversed()),
  'gives the newest only': finding((objects) => objects.slice(-1)),
  'finds something everywhere': finding((objects) => (objects.length === 0 ? [new Uint8Array(1)] : objects)),
  'keeps the same bytes twice': directory((honest) => ({
    put: (kind, id, bytes, options) => honest.put(kind, id, Uint8Array.of(...bytes, Math.random() * 256), options),
    get: async (kind, id, options) => (await honest.get(kind, id, options)).map((bytes) => bytes.slice(0, -1)),
  })),
  'mixes kinds': directory((honest) => ({
    put: (_, id, bytes, options) => honest.put('header', id, bytes, options),
    get: (_, id, options) => honest.get('header', id, options),
    delete: (_, id, options) => honest.delete('header', id, options),
  })),
  'loses what is put at the same time': directory((honest) => {
    let busy = false;
    return {
      put: async (kind, id, bytes, options) => {
        if (busy) return;
        busy = true;
        await honest.put(kind, id, bytes, options).finally(() => {
          busy = false;
        });
      },
    };
  }),
  'hands out its own memory': directory((honest) => {
    const cache = new Map<string, readonly Uint8Array[]>();
    return {
      get: async (kind, id, options) => {
        const fresh = await honest.get(kind, id, options);
        const known = cache.get(`${kind} ${id}`);
        const objects = known?.length === fresh.length ? known : fresh;
        cache.set(`${kind} ${id}`, objects);
        return objects;
      },
    };
  }),
  'forgets all at a restart': () => {
    const honest = memoryDirectoryDriver();
    return { ...honest, create: async () => ({ ...(await honest.create()), reopen: async () => memoryDirectory() }) };
  },
  'deletes nothing': directory(() => ({ delete: async () => {} })),
  'deletes all kinds under an id': directory((honest) => ({
    delete: async (_, id, options) => {
      const kinds: readonly DirectoryKind[] = ['keyDocument', 'header', 'ticket', 'terms', 'manifest'];
      for (const kind of kinds) await honest.delete(kind, id, options);
    },
  })),
  'fails to delete what is not there': directory((honest) => ({
    delete: async (kind, id, options) => {
      if ((await honest.get(kind, id, options)).length === 0) throw new TypeError('nothing to delete');
      await honest.delete(kind, id, options);
    },
  })),
  'says none in an outage': directory((honest) => ({
    get: (kind, id, options) =>
      honest.get(kind, id, options).catch((error: unknown) => {
        if (isOutage(error)) return [];
        throw error;
      }),
  })),
  'tells of outages in words of its own': directory((honest) => ({
    put: (...call) => failingForeignly(honest.put(...call)),
    get: (...call) => failingForeignly(honest.get(...call)),
    delete: (...call) => failingForeignly(honest.delete(...call)),
  })),
  'ends aborted calls with an error of its own': directory((honest) => ({
    put: (...call) => endedForeignly(call[3]?.signal, honest.put(...call)),
    get: (...call) => endedForeignly(call[2]?.signal, honest.get(...call)),
    delete: (...call) => endedForeignly(call[2]?.signal, honest.delete(...call)),
  })),
};
