import { indexedDbViewStore, LedgerView, memoryLedger } from '@medseal/core';
import { IDBDatabase, IDBFactory, IDBKeyRange } from 'fake-indexeddb';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { refuseDatabases, stallDatabase, viewStoreSuite } from '../src/index.ts';
import { testSuite } from '../src/vitest.ts';

// A stand-in, for quick runs: tools/test/browser-page.test.ts plays the suite in a real browser.
beforeAll(() => {
  vi.stubGlobal('IDBKeyRange', IDBKeyRange);
});
afterAll(() => {
  vi.unstubAllGlobals();
});

testSuite('IndexedDB', viewStoreSuite, async () => ({
  name: 'IndexedDB',
  create: async () => {
    const indexedDB = new IDBFactory();
    const store = indexedDbViewStore('view', { indexedDB });
    return {
      store,
      reopen: async () => indexedDbViewStore('view', { indexedDB }),
      stall: () => stallDatabase('view', indexedDB),
      cutOff: async () => refuseDatabases(indexedDB),
      [Symbol.asyncDispose]: () => store[Symbol.asyncDispose](),
    };
  },
  [Symbol.asyncDispose]: async () => {},
}));

it('takes a browser that refuses for an outage, and tries again', async () => {
  const indexedDB = new IDBFactory();
  const open = vi.spyOn(indexedDB, 'open').mockImplementationOnce(() => {
    throw new DOMException('no', 'SecurityError');
  });
  const store = indexedDbViewStore('view', { indexedDB });
  await expect(store.checkpoint()).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE', retryable: true });
  expect(await store.checkpoint()).toBeUndefined();
  expect(open).toHaveBeenCalledTimes(2);
});

it('appends all or nothing', async () => {
  const store = indexedDbViewStore('view', { indexedDB: new IDBFactory() });
  await store.append(0, [Uint8Array.of(1)], Uint8Array.of(9));
  const unclonable = Object.assign(Uint8Array.of(2), { slice: () => () => {} }) as unknown as Uint8Array;
  await expect(store.append(1, [Uint8Array.of(2), unclonable], Uint8Array.of(8))).rejects.toMatchObject({
    code: 'STORE_UNAVAILABLE',
  });
  expect(await store.checkpoint()).toEqual(Uint8Array.of(9));
  expect(await store.append(1, [], Uint8Array.of(7))).toBe(true);
});

it('leaves no connection open, neither behind a failure nor after it was closed', async () => {
  const close = vi.spyOn(IDBDatabase.prototype, 'close');
  const store = indexedDbViewStore('view', { indexedDB: new IDBFactory() });
  const unclonable = Object.assign(Uint8Array.of(2), { slice: () => () => {} }) as unknown as Uint8Array;
  await expect(store.append(0, [unclonable], Uint8Array.of(8))).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
  expect(close).toHaveBeenCalledTimes(1);
  expect(await store.checkpoint()).toBeUndefined();
  await store[Symbol.asyncDispose]();
  expect(close).toHaveBeenCalledTimes(2);
  await expect(store.checkpoint()).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
  close.mockRestore();
});

it('says so where there is no IndexedDB', () => {
  expect(() => indexedDbViewStore('view')).toThrow(expect.objectContaining({ code: 'UNSUPPORTED' }));
});

it('keeps the sealed record lists of a view', async () => {
  const ledger = memoryLedger({ authority: { threshold: 1, keys: [`0x${'11'.repeat(20)}`] } });
  const indexedDB = new IDBFactory();
  const scope = `0x${'22'.repeat(32)}` as const;
  const first = indexedDbViewStore('view', { indexedDB });
  await new LedgerView(ledger, { store: first }).keepSealedList(scope, new Uint8Array(3000).fill(5));
  await first[Symbol.asyncDispose]();
  const view = new LedgerView(ledger, { store: indexedDbViewStore('view', { indexedDB }) });
  await view.resume();
  expect(view.sealedLists(scope)).toEqual([new Uint8Array(3000).fill(5)]);
});
