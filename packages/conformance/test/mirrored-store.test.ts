import { memoryMirrorState, mirroredStore } from '@medseal/core';
import { memoryStoreDriver, storeSuite, type StoreDriver, type StoreUnderTest } from '../src/index.ts';
import { describe, expect, it } from 'vitest';
import { inPieces } from '../src/store-suite/blobs.ts';
import { testSuite } from '../src/vitest.ts';

/** One disturbance of several copies. */
async function all(begun: readonly (Promise<AsyncDisposable> | undefined)[]): Promise<AsyncDisposable> {
  const disturbances = await Promise.all(begun.filter((one) => one !== undefined));
  return {
    [Symbol.asyncDispose]: async () => {
      for (const disturbance of disturbances) await disturbance[Symbol.asyncDispose]();
    },
  };
}

/** What the copies are like before the suite does anything. */
interface Beginning {
  readonly name: string;
  /** Copies that answer nothing, from the beginning to the end. */
  readonly silent: number;
  readonly timeout?: number;
  /** Whether the mirror may rely on its state. */
  readonly durable?: boolean;
}

function mirrorDriver(beginning: Beginning): StoreDriver {
  return {
    name: beginning.name,
    create: () => createMirror(beginning),
    [Symbol.asyncDispose]: async () => {},
  };
}

async function createMirror({ silent, timeout, durable = false }: Beginning): Promise<StoreUnderTest> {
  const honest = memoryStoreDriver();
  const [a, b, c] = await Promise.all([honest.create(), honest.create(), honest.create()]);
  const copies = [a, b, c];
  const others = copies.slice(silent);
  const silence = await all(copies.slice(0, silent).map((copy) => copy.stall?.()));
  // A silent copy is asked twice at most, and never waited for when others have answered.
  const state = { ...memoryMirrorState(), durable };
  const mirror = mirroredStore({ a: a.store, b: b.store, c: c.store }, { timeout, hedgeAfter: 5, state });
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
const durable = mirrorDriver({ name: 'mirror with a durable state', silent: 0, durable: true });

testSuite('three mirrored copies', storeSuite, async () => whole);
testSuite('three mirrored copies with a durable state', storeSuite, async () => durable);

/** That an object is absent, or deleted, is nothing that some copies can say for all. */
const needAll: ReadonlySet<string> = new Set([
  'has no range of an object that is absent',
  'deletes one object and no other; then it is absent, which is no outage',
  'deletes what is not there without a word',
  'takes again what was deleted',
  'has no object that was never put, whatever its locator',
  'leaves no bytes of a deleted object, where it says that it erases',
]);
const needSome = { ...storeSuite, cases: storeSuite.cases.filter(({ name }) => !needAll.has(name)) };
testSuite('three mirrored copies, one of them silent', needSome, async () => withSilent);

describe('a mirror with a silent copy', () => {
  const refusal = { code: 'STORE_UNAVAILABLE', retryable: true };

  it('says so instead of that an object is absent, or deleted', async () => {
    await using under = await withSilent.create();
    const ref = await under.store.put(inPieces(Uint8Array.of(1)));
    const other = { ...ref, digest: `0x${'5a'.repeat(32)}` } as const;
    await expect(under.store.has(other)).rejects.toMatchObject(refusal);
    await expect(under.store.delete(ref)).rejects.toMatchObject(refusal);
    expect(await under.store.has(ref)).toBe(false);
  });

  it('leaves out no case that is not there', () => {
    expect(needSome.cases).toHaveLength(storeSuite.cases.length - needAll.size);
  });
});
