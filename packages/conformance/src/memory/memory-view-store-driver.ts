import { memoryViewStore } from '@medseal/core';
import { StoreUnavailableError, type ViewStore } from '@medseal/core/adapter';
import type { ViewStoreDriver } from '../drivers/view-store-driver.ts';
import { type Gate, openGate } from './gate.ts';
import { gatedStream } from './gated.ts';

function gatedViewStore(store: ViewStore, gate: Gate): ViewStore {
  return {
    checkpoint: async (options) => {
      await gate.pass(options?.signal);
      return store.checkpoint(options);
    },
    load: (options) => gatedStream(store.load(options), gate, options),
    append: async (at, entries, checkpoint) => {
      await gate.pass(undefined);
      return store.append(at, entries, checkpoint);
    },
    clear: async () => {
      await gate.pass(undefined);
      await store.clear();
    },
    [Symbol.asyncDispose]: () => store[Symbol.asyncDispose](),
  };
}

/** View stores in memory. */
export function memoryViewStoreDriver(): ViewStoreDriver {
  return {
    name: 'memory',
    create: async () => {
      const gate = openGate(() => new StoreUnavailableError('The test has cut the view store off'));
      const store = gatedViewStore(memoryViewStore(), gate);
      return {
        ...gate.disturbances,
        store,
        reopen: async () => store,
        [Symbol.asyncDispose]: () => store[Symbol.asyncDispose](),
      };
    },
    [Symbol.asyncDispose]: async () => {},
  };
}
