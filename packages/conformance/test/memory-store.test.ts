import { memoryDirectory, memoryStore } from '@medseal/core';
import { directorySuite } from '../src/directory-suite.ts';
import { storeSuite } from '../src/store-suite.ts';

storeSuite('memory', async () => ({
  name: 'memory',
  create: async () => {
    const store = memoryStore();
    return {
      store,
      objects: async () => [...store.blobs.values()],
      [Symbol.asyncDispose]: () => store[Symbol.asyncDispose](),
    };
  },
  [Symbol.asyncDispose]: async () => {},
}));

directorySuite('memory', async () => ({
  name: 'memory',
  create: async () => {
    const directory = memoryDirectory();
    return { directory, [Symbol.asyncDispose]: () => directory[Symbol.asyncDispose]() };
  },
  [Symbol.asyncDispose]: async () => {},
}));
