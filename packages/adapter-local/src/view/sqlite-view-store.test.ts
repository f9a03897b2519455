import { mkdir, readFile, rename, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { ViewStore } from '@medseal/core/adapter';
import { viewStoreSuite } from '@medseal/conformance';
import { testSuite } from '@medseal/conformance/vitest';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { failure, testFolder, type TestFolder } from '../../test/test-folder.ts';
import { sqliteViewStore } from './sqlite-view-store.ts';

testSuite('SQLite', viewStoreSuite, async () => ({
  name: 'SQLite',
  create: async () => {
    const fresh = await testFolder();
    const opened: ViewStore[] = [];
    const open = (): ViewStore => {
      const store = sqliteViewStore(join(fresh.path, 'view'));
      opened.push(store);
      return store;
    };
    return {
      store: open(),
      reopen: async () => open(),
      stall: async () => {
        const other = new DatabaseSync(join(fresh.path, 'view'));
        // In this mode readers have to wait as well.
        other.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE');
        return { [Symbol.asyncDispose]: async () => other.close() };
      },
      cutOff: async () => {
        const away = `${fresh.path}.away`;
        await rename(fresh.path, away);
        return { [Symbol.asyncDispose]: () => rename(away, fresh.path) };
      },
      [Symbol.asyncDispose]: async () => {
        for (const store of opened) await store[Symbol.asyncDispose]();
        await fresh[Symbol.asyncDispose]();
      },
    };
  },
  [Symbol.asyncDispose]: async () => {},
}));

let folder: TestFolder;
let path: string;
let store: ViewStore;
beforeEach(async () => {
  folder = await testFolder();
  path = join(folder.path, 'view');
  store = sqliteViewStore(path);
});
afterEach(async () => {
  await store[Symbol.asyncDispose]();
  await folder[Symbol.asyncDispose]();
});

it('is for its owner alone', async () => {
  await store.append(0, [Uint8Array.of(1)], Uint8Array.of(2));
  expect((await stat(path)).mode & 0o777).toBe(0o600);
});

it('leaves a file of something else alone', async () => {
  const other = new DatabaseSync(path);
  other.exec('CREATE TABLE patient (name TEXT); INSERT INTO patient VALUES (1)');
  other.close();
  const before = await readFile(path);
  for (const call of [() => store.checkpoint(), () => store.append(0, [], Uint8Array.of(1)), () => store.clear()])
    expect(await failure(call())).toMatchObject({ code: 'STORE_UNAVAILABLE' });
  expect(await readFile(path)).toEqual(before);
});

it('takes a missing folder for an outage', async () => {
  const lost = sqliteViewStore(join(path, 'nowhere', 'view'));
  expect(await failure(lost.checkpoint())).toMatchObject({ code: 'STORE_UNAVAILABLE', retryable: true });
});

it('opens nothing once it is closed', async () => {
  await store.append(0, [Uint8Array.of(1)], Uint8Array.of(2));
  await store[Symbol.asyncDispose]();
  for (const call of [() => store.checkpoint(), () => store.append(1, [], Uint8Array.of(1)), () => store.clear()])
    expect(await failure(call())).toMatchObject({ code: 'STORE_UNAVAILABLE' });
});

it('says that the file system refuses when it cannot be cleared, and names no path', async () => {
  await writeFile(path, 'torn '.repeat(2000));
  await mkdir(`${path}.damaged`);
  const error = await failure(store.clear());
  expect(error).toMatchObject({ code: 'STORE_UNAVAILABLE' });
  expect(String(error)).not.toContain(path);
});

it('finds a file that is no database, and moves it aside when it is cleared', async () => {
  await writeFile(path, 'torn '.repeat(2000));
  expect(await failure(store.checkpoint())).toMatchObject({ code: 'VIEW_STORE_DAMAGED' });
  await store.clear();
  expect(await store.checkpoint()).toBeUndefined();
  expect(await store.append(0, [Uint8Array.of(1)], Uint8Array.of(2))).toBe(true);
  expect(await readFile(`${path}.damaged`, 'utf8')).toContain('torn');
});
