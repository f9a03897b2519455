import { memoryStore, mirroredStore } from '@medseal/core';
import { StoreUnavailableError } from '@medseal/core/adapter';
import { storeSuite } from '../src/index.ts';
import { type Gate, openGate } from '../src/memory/gate.ts';
import { gatedStore } from '../src/memory/gated.ts';
import { testSuite } from '../src/vitest.ts';

async function allOf(gates: readonly Gate[], what: 'stall' | 'cutOff'): Promise<AsyncDisposable> {
  const disturbed = await Promise.all(gates.map(({ disturbances }) => disturbances[what]()));
  return {
    [Symbol.asyncDispose]: async () => {
      for (const one of disturbed) await one[Symbol.asyncDispose]();
    },
  };
}

testSuite('mirroredStore of three', storeSuite, async () => ({
  name: 'mirroredStore',
  create: async () => {
    const copies = [1, 2, 3].map(() => memoryStore());
    const gates = copies.map(() => openGate(() => new StoreUnavailableError('The test has cut the copy off')));
    const gated = copies.map((copy, at) => [`copy ${at}`, gatedStore(copy, gates[at] as Gate)] as const);
    const store = mirroredStore(Object.fromEntries(gated));
    return {
      store,
      stall: () => allOf(gates, 'stall'),
      cutOff: () => allOf(gates, 'cutOff'),
      objects: async () => {
        await store.settled();
        const all = new Map(copies.flatMap(({ blobs }) => [...blobs]));
        return [...all.values()];
      },
      [Symbol.asyncDispose]: () => store[Symbol.asyncDispose](),
    };
  },
  [Symbol.asyncDispose]: async () => {},
}));
