import { mirroredStore } from '@medseal/core';
import { memoryStoreDriver, storeSuite, type StoreUnderTest } from '../src/index.ts';
import { testSuite } from '../src/vitest.ts';

/** One disturbance of all copies. */
async function all(begun: readonly Promise<AsyncDisposable>[]): Promise<AsyncDisposable> {
  const disturbances = await Promise.all(begun);
  return {
    [Symbol.asyncDispose]: async () => {
      for (const disturbance of disturbances) await disturbance[Symbol.asyncDispose]();
    },
  };
}

const nothing: AsyncDisposable = { [Symbol.asyncDispose]: async () => {} };

async function create(): Promise<StoreUnderTest> {
  const honest = memoryStoreDriver();
  const [a, b, c] = await Promise.all([honest.create(), honest.create(), honest.create()]);
  const copies = [a, b, c];
  const mirror = mirroredStore({ a: a.store, b: b.store, c: c.store });
  return {
    store: mirror,
    objects: async () => {
      await mirror.settled();
      return a.objects();
    },
    stall: () => all(copies.map(async (copy) => (await copy.stall?.()) ?? nothing)),
    cutOff: () => all(copies.map(async (copy) => (await copy.cutOff?.()) ?? nothing)),
    [Symbol.asyncDispose]: async () => {
      await mirror[Symbol.asyncDispose]();
      for (const copy of copies) await copy[Symbol.asyncDispose]();
    },
  };
}

testSuite('three mirrored copies', storeSuite, async () => ({
  name: 'mirror',
  create,
  [Symbol.asyncDispose]: async () => {},
}));
