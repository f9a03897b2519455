import { AbsentError, type BlobRef, memoryStore, type ReadOptions, type Store } from '@medseal/core';
import { concat } from '@medseal/protocol';
import { memoryStoreDriver, type StoreDriver, type StoreUnderTest } from '../../src/index.ts';
import {
  endedForeignly,
  failingForeignly,
  type Faults,
  isOutage,
  streamEndedForeignly,
  streamFailingForeignly,
} from './faults.ts';

type Change = (under: StoreUnderTest) => Partial<Omit<StoreUnderTest, 'store'>> & { readonly store?: Partial<Store> };

function faulty(change: Change): () => StoreDriver {
  const honest = memoryStoreDriver();
  const create = async (): Promise<StoreUnderTest> => {
    const under = await honest.create();
    const { store, ...others } = change(under);
    return { ...under, ...others, store: { ...under.store, ...store } };
  };
  return () => ({ ...honest, create });
}

/** Only the store is changed, and it sees the honest one. */
const store = (change: (honest: Store) => Partial<Store>): (() => StoreDriver) =>
  faulty((under) => ({ store: change(under.store) }));

async function all(source: AsyncIterable<Uint8Array>, copy = true): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  for await (const piece of source) pieces.push(copy ? piece.slice() : piece);
  return concat(...pieces);
}

const PIECE = 64 * 1024;

async function* one(bytes: Uint8Array | Promise<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield await bytes;
}

/** The whole object, cut as `cut` says; what the honest store refuses is refused. */
function cutting(cut: (bytes: Uint8Array, options: ReadOptions) => Uint8Array): (honest: Store) => Partial<Store> {
  return (honest) => ({
    async *get(ref, { start, end, ...options } = {}) {
      for await (const piece of honest.get(ref, { start, end, ...options })) if (piece.length < 0) yield piece;
      yield cut(await all(honest.get(ref, options)), { start, end });
    },
  });
}

export const storeFaults: Faults<StoreDriver> = {
  'gives truncated bytes': store(cutting((bytes, { start, end }) => bytes.slice(start, end).slice(0, -1))),
  'gives a byte too many of a range': store(
    cutting((bytes, { start, end }) => bytes.slice(start, end === undefined ? end : end + 1)),
  ),
  'takes 0 and the size for no end': store(
    cutting((bytes, { start = 0, end = 0 }) =>
      start === end ? bytes : bytes.slice(start, end === 0 ? undefined : end),
    ),
  ),
  'begins a range one byte late': store(
    cutting((bytes, { start = 0, end }) => bytes.slice(start === 0 ? 0 : start + 1, end)),
  ),
  'ignores a range with one end open': store(
    cutting((bytes, { start, end }) => (start === undefined || end === undefined ? bytes : bytes.slice(start, end))),
  ),
  'cuts ranges to the size': store((honest) => ({
    async *get(ref, { start, end, ...options } = {}) {
      yield (await all(honest.get(ref, options))).slice(start, end);
    },
  })),
  'reads an object as one piece': store((honest) => ({ get: (ref, options) => one(all(honest.get(ref, options))) })),
  'has no empty objects': store((honest) => ({
    has: async (ref, options) => ref.size > 0 && honest.has(ref, options),
  })),
  'forgets an object of more than a megabyte': store((honest) => ({
    async put(blob, options) {
      const ref = await honest.put(blob, options);
      if (ref.size > 1_000_000) await honest.delete(ref);
      return ref;
    },
  })),
  'says another size': store((honest) => ({
    put: async (blob, options) => {
      const ref = await honest.put(blob, options);
      return { ...ref, size: ref.size + 1 };
    },
  })),
  'stops at an empty piece': store((honest) => ({
    put: (blob, options) => {
      async function* untilEmpty(): AsyncGenerator<Uint8Array> {
        for await (const piece of blob) {
          if (piece.length === 0) return;
          yield piece;
        }
      }
      return honest.put(untilEmpty(), options);
    },
  })),
  'asks for the digest first': store((honest) => ({
    put: async (blob, options) => {
      const digest = options?.digest?.();
      return honest.put(blob, digest === undefined ? options : { ...options, digest: () => digest });
    },
  })),
  'stores before it asks for the digest': store((honest) => ({
    put: async (blob, { digest, ...options } = {}) => {
      const ref = await honest.put(blob, options);
      digest?.();
      return ref;
    },
  })),
  'keeps the buffers of its source': store((honest) => ({
    put: async (blob, options) =>
      honest.put(options?.signal === undefined ? one(await all(blob, false)) : blob, options),
  })),
  'reads its source to the end before it asks its backend': store((honest) => ({
    put: async (blob, options) => {
      const bytes = all(blob);
      return honest.put(one(bytes), options);
    },
  })),
  'gives pieces back too early': store((honest) => ({
    put: (blob, { recycle, ...options } = {}) => {
      async function* early(): AsyncGenerator<Uint8Array> {
        for await (const piece of blob) {
          recycle?.(piece);
          yield piece;
        }
      }
      return honest.put(early(), options);
    },
  })),
  'reads ahead into memory that is in use': store((honest) => ({
    async *get(ref, options) {
      if (options?.reuse !== true) {
        yield* honest.get(ref, options);
        return;
      }
      const memory = new Uint8Array(PIECE);
      let held: Uint8Array | undefined;
      for await (const piece of honest.get(ref, options)) {
        memory.set(piece);
        if (held !== undefined) yield held;
        held = memory.subarray(0, piece.length);
      }
      if (held !== undefined) yield held;
    },
  })),
  'forgets all at a restart': faulty(() => ({ reopen: async () => memoryStore() })),
  'keeps everything twice': faulty((under) => ({
    objects: async () => (await under.objects()).flatMap((bytes) => [bytes, bytes]),
  })),
  'refuses bytes that it has': store((honest) => {
    const digests = new Set<string>();
    return {
      put: async (blob, options) => {
        const ref = await honest.put(blob, options);
        if (digests.has(ref.digest)) throw new TypeError('exists');
        digests.add(ref.digest);
        return ref;
      },
      delete: async (ref, options) => {
        digests.delete(ref.digest);
        await honest.delete(ref, options);
      },
    };
  }),
  'fails when two put the same at once': store((honest) => {
    const under = new Set<string>();
    return {
      put: async (blob, options) => {
        if (options?.signal !== undefined) return honest.put(blob, options);
        const bytes = await all(blob);
        const key = String(bytes.subarray(0, 32));
        if (bytes.length === 5000 && under.has(key)) throw new TypeError('locked');
        under.add(key);
        await new Promise((resolve) => setTimeout(resolve));
        const ref = await honest.put(one(bytes), options);
        under.delete(key);
        return ref;
      },
    };
  }),
  'mixes objects that are put at once': store((honest) => {
    let pieces: Uint8Array[] = [];
    return {
      put: async (blob, options) => {
        if (options?.signal !== undefined) return honest.put(blob, options);
        for await (const piece of blob) pieces.push(piece.slice());
        const bytes = concat(...pieces);
        pieces = [];
        return honest.put(one(bytes), options);
      },
    };
  }),
  'shows an object before its end': faulty((under) => {
    let half: Uint8Array[] = [];
    return {
      objects: async () => [...(await under.objects()), ...half],
      store: {
        put: (blob, options) => {
          async function* shown(): AsyncGenerator<Uint8Array> {
            for await (const piece of blob) {
              half = [piece];
              yield piece;
            }
            half = [];
          }
          return under.store.put(shown(), options);
        },
      },
    };
  }),
  'keeps what came before its source failed': store((honest) => ({
    put: async (blob, options) => {
      async function* tolerant(): AsyncGenerator<Uint8Array> {
        try {
          yield* blob;
        } catch (error) {
          failure = error;
        }
      }
      let failure: unknown;
      const ref = await honest.put(tolerant(), options);
      if (failure !== undefined) throw failure as Error;
      return ref;
    },
  })),
  'hands out its own memory': store((honest) => {
    const cache = new Map<string, Uint8Array>();
    return {
      async *get(ref, options) {
        const { start, end, signal } = options ?? {};
        const key = `${ref.digest} ${start} ${end}`;
        signal?.throwIfAborted();
        const bytes = cache.get(key) ?? (await all(honest.get(ref, options)));
        cache.set(key, bytes);
        for (let from = 0; from < bytes.length; from += 65_536) {
          signal?.throwIfAborted();
          yield bytes.subarray(from, from + 65_536);
        }
      },
    };
  }),
  'stays locked when a reader leaves early': store((honest) => {
    const locked = new Set<string>();
    return {
      async *get(ref, options) {
        if (locked.has(ref.digest)) throw new TypeError('locked');
        locked.add(ref.digest);
        try {
          for await (const piece of honest.get(ref, options)) yield piece;
        } catch (error) {
          locked.delete(ref.digest);
          throw error;
        }
        locked.delete(ref.digest);
      },
    };
  }),
  'deletes nothing': store(() => ({ delete: async () => {} })),
  'deletes everything': faulty((under) => {
    const refs: BlobRef[] = [];
    return {
      store: {
        put: async (blob, options) => {
          const ref = await under.store.put(blob, options);
          refs.push(ref);
          return ref;
        },
        delete: async (_, options) => {
          for (const ref of refs) await under.store.delete(ref, options);
        },
      },
    };
  }),
  'fails to delete what is not there': store((honest) => ({
    delete: async (ref, options) => {
      if (!(await honest.has(ref, options))) throw new AbsentError('nothing to delete');
      await honest.delete(ref, options);
    },
  })),
  'hides what was deleted once': store((honest) => {
    const buried = new Set<string>();
    return {
      delete: async (ref, options) => {
        await honest.delete(ref, options);
        buried.add(ref.digest);
      },
      get: (ref, options) => honest.get(buried.has(ref.digest) ? { ...ref, digest: '0x' } : ref, options),
    };
  }),
  'hides what it deletes, and says that it erases': faulty((under) => {
    const buried = new Map<string, Uint8Array>();
    return {
      objects: async () => [...(await under.objects()), ...buried.values()],
      store: {
        delete: async (ref, options) => {
          if (await under.store.has(ref, options)) buried.set(ref.digest, await all(under.store.get(ref, options)));
          await under.store.delete(ref, options);
        },
      },
    };
  }),
  'gives nothing, without a word, of what is absent': store((honest) => ({
    get: (ref, options) => {
      async function* quiet(): AsyncGenerator<Uint8Array> {
        if (await honest.has(ref, options)) yield* honest.get(ref, options);
      }
      return quiet();
    },
  })),
  'believes any locator': store((honest) => ({
    has: async (ref, options) => ref.locator.startsWith('/') || honest.has(ref, options),
  })),
  'calls an outage absence': store((honest) => ({
    has: (ref, options) => honest.has(ref, options).catch((error: unknown) => (isOutage(error) ? false : raise(error))),
    async *get(ref, options) {
      try {
        yield* honest.get(ref, options);
      } catch (error) {
        throw isOutage(error) ? new AbsentError('not found') : error;
      }
    },
  })),
  'tells of outages in words of its own': store((honest) => ({
    put: (blob, options) => failingForeignly(honest.put(blob, options)),
    get: (ref, options) => streamFailingForeignly(honest.get(ref, options)),
    has: (ref, options) => failingForeignly(honest.has(ref, options)),
    delete: (ref, options) => failingForeignly(honest.delete(ref, options)),
  })),
  'ends aborted calls with an error of its own': store((honest) => ({
    put: (blob, options) => endedForeignly(options?.signal, honest.put(blob, options)),
    get: (ref, options) => streamEndedForeignly(options?.signal, honest.get(ref, options)),
    has: (ref, options) => endedForeignly(options?.signal, honest.has(ref, options)),
    delete: (ref, options) => endedForeignly(options?.signal, honest.delete(ref, options)),
  })),
  'does not look at the signal of a has': store((honest) => ({ has: (ref) => honest.has(ref) })),
};

function raise(error: unknown): never {
  throw error as Error;
}
