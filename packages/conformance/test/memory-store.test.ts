import { memoryDirectory, memoryStore } from '@medseal/core';
import { directorySuite, storeSuite } from '../src/index.ts';
import { testSuite } from '../src/vitest.ts';

testSuite('memory', storeSuite, async () => ({
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

testSuite('memory', directorySuite, async () => ({
  name: 'memory',
  create: async () => {
    const directory = memoryDirectory();
    return { directory, [Symbol.asyncDispose]: () => directory[Symbol.asyncDispose]() };
  },
  [Symbol.asyncDispose]: async () => {},
}));
