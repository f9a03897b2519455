import { memoryViewStore, type ViewStore } from '@medseal/core';
import { memoryViewStoreDriver, type ViewStoreDriver } from '../../src/index.ts';
import { endedForeignly, type Faults, streamEndedForeignly } from './faults.ts';

type Change = (honest: ViewStore) => Partial<ViewStore>;

function faulty(change: Change, reopened?: (honest: ViewStore) => ViewStore): () => ViewStoreDriver {
  return () => ({
    name: 'faulty',
    create: async () => {
      const under = await memoryViewStoreDriver().create();
      const honest = under.store;
      const store = { ...honest, ...change(honest) };
      return { ...under, store, reopen: async () => reopened?.(honest) ?? store };
    },
    [Symbol.asyncDispose]: async () => {},
  });
}

const loading = (change: (entries: readonly Uint8Array[]) => readonly Uint8Array[]): (() => ViewStoreDriver) =>
  faulty((honest) => ({
    async *load(options) {
      yield* change(await Array.fromAsync(honest.load(options)));
    },
  }));

const sizeOf = async (store: ViewStore): Promise<number> => (await Array.fromAsync(store.load())).length;

export const viewStoreFaults: Faults<ViewStoreDriver> = {
  // First those that the cases on disturbances are for: losing entries fails these too.
  'takes an outage for an empty store': faulty((honest) => ({
    checkpoint: (options) => honest.checkpoint(options).catch(() => undefined),
    async *load(options) {
      try {
        yield* honest.load(options);
      } catch (error) {
        if (options?.signal?.aborted === true) throw error;
      }
    },
    append: (...call) => honest.append(...call).catch(() => false),
    clear: () => honest.clear().catch(() => {}),
  })),
  'ends aborted calls with an error of its own': faulty((honest) => ({
    checkpoint: (options) => endedForeignly(options?.signal, honest.checkpoint(options)),
    load: (options) => streamEndedForeignly(options?.signal, honest.load(options)),
  })),
  'loses the last entry': loading((entries) => entries.slice(0, -1)),
  'gives entries out of order': loading((entries) => entries.toReversed()),
  'begins with a checkpoint': faulty((honest) => ({
    checkpoint: async (options) => (await honest.checkpoint(options)) ?? new Uint8Array(),
  })),
  'keeps the first checkpoint': faulty((honest) => {
    let first: Uint8Array | undefined;
    return {
      checkpoint: async (options) => (await honest.checkpoint(options)) && first,
      append: async (at, entries, checkpoint) => {
        first ??= checkpoint.slice();
        return honest.append(at, entries, checkpoint);
      },
    };
  }),
  'appends wherever it is': faulty((honest) => ({
    append: async (_, ...call) => honest.append(await sizeOf(honest), ...call),
  })),
  'lets a later append overtake': faulty((honest) => ({
    append: async (at, ...call) => {
      if (at === 3001) await new Promise((resolve) => setTimeout(resolve, 20));
      return honest.append(at, ...call);
    },
  })),
  'takes the checkpoint of an append that it refuses': faulty((honest) => ({
    append: async (at, entries, checkpoint) => {
      const taken = await honest.append(at, entries, checkpoint);
      if (!taken) await honest.append(await sizeOf(honest), [], checkpoint);
      return taken;
    },
  })),
  'takes both of two appends at once': faulty((honest) => {
    let appending = 0;
    return {
      append: async (at, entries, checkpoint) => {
        appending++;
        await new Promise((resolve) => setTimeout(resolve));
        const taken = (await honest.append(at, entries, checkpoint)) || appending > 1;
        setTimeout(() => appending--);
        return taken;
      },
    };
  }),
  'forgets all at a restart': faulty(
    () => ({}),
    () => memoryViewStore(),
  ),
  'clears nothing': faulty(() => ({ clear: async () => {} })),
  'hands out its own memory': faulty(() => {
    const held: Uint8Array[] = [];
    let last: Uint8Array | undefined;
    return {
      checkpoint: async () => last,
      async *load() {
        yield* held;
      },
      append: async (at, entries, checkpoint) => {
        if (at !== held.length) return false;
        held.push(...entries);
        last = checkpoint;
        return true;
      },
    };
  }),
  'loads for one reader at a time': faulty((honest) => {
    let reading = false;
    return {
      async *load(options) {
        if (reading) return;
        reading = true;
        yield* honest.load(options);
        reading = false;
      },
    };
  }),
};
