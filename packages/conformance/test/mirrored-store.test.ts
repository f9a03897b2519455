import { mirroredStore } from '@medseal/core';
import { memoryStoreDriver, storeSuite, type StoreDriver, type StoreUnderTest } from '../src/index.ts';
import { testSuite } from '../src/vitest.ts';

/** One disturbance of several copies. */
async function all(begun: readonly (Promise<AsyncDisposable> | undefined)[]): Promise<AsyncDisposable> {
  const disturbances = await Promise.all(begun);
  return {
    [Symbol.asyncDispose]: async () => {
      for (const disturbance of disturbances) await disturbance?.[Symbol.asyncDispose]();
    },
  };
}

/** What the copies are like before the suite does anything. */
interface Beginning {
  readonly name: string;
  /** Copies that answer nothing, from the beginning to the end. */
  readonly silent: number;
  readonly timeout?: number;
}

function mirrorDriver({ name, silent, timeout }: Beginning): StoreDriver {
  return {
    name,
    create: () => createMirror(silent, timeout),
    [Symbol.asyncDispose]: async () => {},
  };
}

async function createMirror(silent: number, timeout: number | undefined): Promise<StoreUnderTest> {
  const honest = memoryStoreDriver();
  const [a, b, c] = await Promise.all([honest.create(), honest.create(), honest.create()]);
  const copies = [a, b, c];
  const others = copies.slice(silent);
  const silence = await all(copies.slice(0, silent).map((copy) => copy.stall?.()));
  // A silent copy is asked twice at most, and never waited for when others have answered.
  const mirror = mirroredStore({ a: a.store, b: b.store, c: c.store }, { timeout, hedgeAfter: 5 });
  return {
    store: mirror,
    objects: async () => {
      if (silent === 0) await mirror.settled();
      return c.objects();
    },
    stall: () => all(others.map((copy) => copy.stall?.())),
    cutOff: () => all(others.map((copy) => copy.cutOff?.())),
    [Symbol.asyncDispose]: async () => {
      await silence[Symbol.asyncDispose]();
      await mirror[Symbol.asyncDispose]();
      for (const copy of copies) await copy[Symbol.asyncDispose]();
    },
  };
}

const whole = mirrorDriver({ name: 'mirror', silent: 0 });
const withSilent = mirrorDriver({ name: 'mirror with a silent copy', silent: 1, timeout: 200 });

testSuite('three mirrored copies', storeSuite, async () => whole);
testSuite('three mirrored copies, one of them silent', storeSuite, async () => withSilent);
