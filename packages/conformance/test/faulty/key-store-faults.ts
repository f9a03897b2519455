import {
  AbsentError,
  type KeyStore,
  memoryKeyStore,
  memoryProxyState,
  type ParticipantKeys,
  type ProxyState,
} from '@medseal/core';
import { concat } from '@medseal/protocol';
import { secretKeyFromBytes } from '@medseal/umbral';
import {
  type KeyStoreDriver,
  type KeyStoreUnderTest,
  memoryKeyStoreDriver,
  memoryProxyStateDriver,
  type ProxyStateDriver,
  type ProxyStateUnderTest,
} from '../../src/index.ts';
import { endedForeignly, type Faults, isOutage } from './faults.ts';

type Change = (under: KeyStoreUnderTest) => Partial<Omit<KeyStoreUnderTest, 'keyStore'>> & {
  readonly keyStore?: Partial<KeyStore>;
};

function faulty(change: Change): () => KeyStoreDriver {
  const honest = memoryKeyStoreDriver();
  return () => ({
    ...honest,
    create: async () => {
      const under = await honest.create();
      const { keyStore, ...others } = change(under);
      return { ...under, ...others, keyStore: { ...under.keyStore, ...keyStore } };
    },
  });
}

const keyStore = (change: (honest: KeyStore) => Partial<KeyStore>): (() => KeyStoreDriver) =>
  faulty((under) => ({ keyStore: change(under.keyStore) }));

/** The same key store under subjects that are changed first. */
const renaming = (rename: (subject: string) => string): (() => KeyStoreDriver) =>
  keyStore((honest) => ({
    generate: (subject, options) => honest.generate(rename(subject), options),
    unlock: (subject, options) => honest.unlock(rename(subject), options),
    export: (subject, ...call) => honest.export(rename(subject), ...call),
    import: (subject, ...call) => honest.import(rename(subject), ...call),
  }));

/** Keys go into a new honest store when there are some already. */
function overwriting(honest: KeyStore, calls: readonly ('generate' | 'import')[]): Partial<KeyStore> {
  const newer = new Map<string, ParticipantKeys>();
  const over = async (subject: string, call: (name: string) => Promise<ParticipantKeys>): Promise<ParticipantKeys> => {
    const keys = await call(`${subject} ${crypto.randomUUID()}`);
    newer.set(subject, keys);
    return keys;
  };
  const has = (subject: string): Promise<boolean> =>
    honest.unlock(subject).then(
      () => true,
      () => false,
    );
  return {
    unlock: async (subject, options) =>
      (await honest.unlock(subject, options)) && (newer.get(subject) ?? honest.unlock(subject)),
    generate: async (subject, options) =>
      calls.includes('generate') && (await has(subject))
        ? over(subject, (name) => honest.generate(name, options))
        : honest.generate(subject, options),
    import: async (subject, bytes, passphrase, options) =>
      calls.includes('import') && (await has(subject))
        ? over(subject, (name) => honest.import(name, bytes, passphrase, options))
        : honest.import(subject, bytes, passphrase, options),
  };
}

export const keyStoreFaults: Faults<KeyStoreDriver> = {
  'makes keys over others': keyStore((honest) => overwriting(honest, ['generate'])),
  'imports keys over others': keyStore((honest) => overwriting(honest, ['import'])),
  'uses one secret twice': keyStore((honest) => ({
    generate: async (subject, options) => {
      const keys = await honest.generate(subject, options);
      return { ...keys, receivingSecret: secretKeyFromBytes(keys.signingSecret) };
    },
  })),
  'gives other keys each time': keyStore((honest) => ({
    unlock: async (subject, options) => {
      await honest.unlock(subject, options);
      return honest.generate(crypto.randomUUID(), options);
    },
  })),
  'takes a subject for another': renaming((subject) => subject.trim().toLowerCase().normalize('NFC').slice(0, 255)),
  'makes keys for whom it does not know': keyStore((honest) => ({
    unlock: (subject, options) => honest.unlock(subject, options).catch(() => honest.generate(subject, options)),
  })),
  'forgets its keys': faulty(() => ({ reopen: async () => memoryKeyStore() })),
  'leaves secrets in the clear': faulty((under) => {
    const resting: Uint8Array[] = [];
    return {
      atRest: async () => resting,
      keyStore: {
        generate: async (subject, options) => {
          const keys = await under.keyStore.generate(subject, options);
          resting.push(Uint8Array.of(1, ...keys.delegatingRoot));
          return keys;
        },
      },
    };
  }),
  'exports in the clear': keyStore((honest) => ({
    export: async (subject, ...call) => {
      const { signingSecret } = await honest.unlock(subject, call[1]);
      return Uint8Array.of(...(await honest.export(subject, ...call)), ...signingSecret);
    },
    import: (subject, bytes, ...call) => honest.import(subject, bytes.slice(0, -32), ...call),
  })),
  'takes any passphrase': keyStore((honest) => ({
    export: (subject, _, options) => honest.export(subject, 'same', options),
    import: (subject, bytes, _, options) => honest.import(subject, bytes, 'same', options),
  })),
  'takes damaged bytes': keyStore((honest) => ({
    export: async (subject, ...call) => Uint8Array.of(...(await honest.export(subject, ...call)), 0),
    import: (subject, bytes, ...call) => honest.import(subject, bytes.slice(0, -1), ...call),
  })),
  'calls an outage absence': keyStore((honest) => {
    const absent = <T>(call: Promise<T>): Promise<T> =>
      call.catch((error: unknown) => {
        throw isOutage(error) ? new AbsentError('nothing there') : error;
      });
    return {
      generate: (...call) => absent(honest.generate(...call)),
      unlock: (...call) => absent(honest.unlock(...call)),
      export: (...call) => absent(honest.export(...call)),
      import: (...call) => absent(honest.import(...call)),
    };
  }),
  'ends aborted calls with an error of its own': keyStore((honest) => ({
    generate: (...call) => endedForeignly(call[1]?.signal, honest.generate(...call)),
    unlock: (...call) => endedForeignly(call[1]?.signal, honest.unlock(...call)),
    export: (...call) => endedForeignly(call[2]?.signal, honest.export(...call)),
    import: (...call) => endedForeignly(call[3]?.signal, honest.import(...call)),
  })),
};

function state(
  change: (honest: ProxyState) => Partial<ProxyStateUnderTest> & { readonly state?: ProxyState },
): () => ProxyStateDriver {
  const honest = memoryProxyStateDriver();
  return () => ({
    ...honest,
    create: async () => {
      const under = await honest.create();
      return { ...under, ...change(under.state) };
    },
  });
}

export const proxyStateFaults: Faults<ProxyStateDriver> = {
  'begins with something': state((honest) => ({
    state: { load: async () => (await honest.load()) ?? new Uint8Array(), save: (bytes) => honest.save(bytes) },
  })),
  'takes an empty state for none': state((honest) => ({
    state: {
      load: async () => {
        const bytes = await honest.load();
        return bytes?.length === 0 ? undefined : bytes;
      },
      save: (bytes) => honest.save(bytes),
    },
  })),
  'cuts a state short': state((honest) => ({
    state: { load: () => honest.load(), save: (bytes) => honest.save(bytes.slice(0, -1)) },
  })),
  'leaves the end of a longer state': state((honest) => ({
    state: {
      load: () => honest.load(),
      save: async (bytes) => honest.save(Uint8Array.of(...bytes, ...((await honest.load()) ?? []).slice(bytes.length))),
    },
  })),
  'mixes what is saved at once': state((honest) => {
    let half: Uint8Array | undefined;
    return {
      state: {
        load: () => honest.load(),
        save: async (bytes) => {
          const middle = bytes.length >> 1;
          half ??= bytes.slice(0, middle);
          await new Promise((resolve) => setTimeout(resolve));
          await honest.save(concat(half ?? bytes.subarray(0, middle), bytes.subarray(middle)));
          setTimeout(() => (half = undefined));
        },
      },
    };
  }),
  'hands out its own memory': state(() => {
    let saved: Uint8Array | undefined;
    return {
      state: {
        load: async () => saved,
        save: async (bytes) => {
          saved = bytes;
        },
      },
    };
  }),
  'takes an outage for a first time': state((honest) => ({
    state: { load: () => honest.load().catch(() => undefined), save: (bytes) => honest.save(bytes) },
  })),
  'forgets all at a restart': state(() => ({ reopen: async () => memoryProxyState() })),
};
