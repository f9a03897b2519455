import { memoryDirectory, memoryStore } from '@medseal/core';
import { StoreUnavailableError } from '@medseal/core/adapter';
import type { DirectoryDriver, StoreDriver } from '../drivers/store-driver.ts';
import { openGate } from './gate.ts';
import { gatedDirectory, gatedStore } from './gated.ts';

const outage = (): Error => new StoreUnavailableError('The test has cut the store off');

/** Stores in memory. */
export function memoryStoreDriver(): StoreDriver {
  return {
    name: 'memory',
    create: async () => {
      const store = memoryStore();
      const gate = openGate(outage);
      return {
        ...gate.disturbances,
        store: gatedStore(store, gate),
        objects: async () => [...store.blobs.values()],
        [Symbol.asyncDispose]: () => store[Symbol.asyncDispose](),
      };
    },
    [Symbol.asyncDispose]: async () => {},
  };
}

/** Directories in memory. */
export function memoryDirectoryDriver(): DirectoryDriver {
  return {
    name: 'memory',
    create: async () => {
      const directory = memoryDirectory();
      const gate = openGate(outage);
      return {
        ...gate.disturbances,
        directory: gatedDirectory(directory, gate),
        [Symbol.asyncDispose]: () => directory[Symbol.asyncDispose](),
      };
    },
    [Symbol.asyncDispose]: async () => {},
  };
}
