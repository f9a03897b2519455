import { type KeyStore, memoryKeyStore, memoryProxyState, type ProxyState } from '@medseal/core';
import { StoreUnavailableError } from '@medseal/core/adapter';
import type { KeyStoreDriver } from '../drivers/key-store-driver.ts';
import type { ProxyStateDriver } from '../drivers/proxy-state-driver.ts';
import { type Gate, openGate } from './gate.ts';

function gatedKeyStore(keyStore: KeyStore, gate: Gate): KeyStore {
  return {
    generate: async (subject, options) => {
      await gate.pass(options?.signal);
      return keyStore.generate(subject, options);
    },
    unlock: async (subject, options) => {
      await gate.pass(options?.signal);
      return keyStore.unlock(subject, options);
    },
    export: async (subject, passphrase, options) => {
      await gate.pass(options?.signal);
      return keyStore.export(subject, passphrase, options);
    },
    import: async (subject, bytes, passphrase, options) => {
      await gate.pass(options?.signal);
      return keyStore.import(subject, bytes, passphrase, options);
    },
    [Symbol.asyncDispose]: () => keyStore[Symbol.asyncDispose](),
  };
}

/** Key stores in memory. */
export function memoryKeyStoreDriver(): KeyStoreDriver {
  return {
    name: 'memory',
    create: async () => {
      const keyStore = memoryKeyStore({ logN: 14 });
      const gate = openGate(() => new StoreUnavailableError('The test has cut the key store off'));
      return {
        ...gate.disturbances,
        keyStore: gatedKeyStore(keyStore, gate),
        [Symbol.asyncDispose]: () => keyStore[Symbol.asyncDispose](),
      };
    },
    [Symbol.asyncDispose]: async () => {},
  };
}

function gatedProxyState(state: ProxyState, gate: Gate): ProxyState {
  return {
    load: async () => {
      await gate.pass(undefined);
      return state.load();
    },
    save: async (bytes) => {
      const copy = bytes.slice();
      await gate.pass(undefined);
      await state.save(copy);
    },
  };
}

/** Memories of proxies, in memory. */
export function memoryProxyStateDriver(): ProxyStateDriver {
  return {
    name: 'memory',
    create: async () => {
      const gate = openGate(() => new StoreUnavailableError('The test has cut the state off'));
      return {
        ...gate.disturbances,
        state: gatedProxyState(memoryProxyState(), gate),
        [Symbol.asyncDispose]: async () => {},
      };
    },
    [Symbol.asyncDispose]: async () => {},
  };
}
