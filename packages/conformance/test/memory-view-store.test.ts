import { memoryViewStore } from '@medseal/core';
import { viewStoreSuite } from '../src/view-store-suite/view-store-suite.ts';
import { testSuite } from '../src/vitest.ts';

testSuite('memory', viewStoreSuite, async () => ({
  name: 'memory',
  create: async () => {
    const store = memoryViewStore();
    return { store, reopen: async () => store, [Symbol.asyncDispose]: () => store[Symbol.asyncDispose]() };
  },
  [Symbol.asyncDispose]: async () => {},
}));
