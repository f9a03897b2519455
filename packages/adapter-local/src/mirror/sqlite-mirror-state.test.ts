import { readFile, rename, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { mirrorStateSuite } from '@medseal/conformance';
import { testSuite } from '@medseal/conformance/vitest';
import type { CopyDebt, MirrorState } from '@medseal/core/adapter';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { failure, testFolder, type TestFolder } from '../../test/test-folder.ts';
import { sqliteMirrorState } from './sqlite-mirror-state.ts';

testSuite('SQLite', mirrorStateSuite, async () => ({
  name: 'SQLite',
  create: async () => {
    const fresh = await testFolder();
    const options = { path: join(fresh.path, 'mirror') };
    let state = sqliteMirrorState(options);
    return {
      state,
      reopen: async () => {
        await state[Symbol.asyncDispose]();
        state = sqliteMirrorState({ ...options, create: false });
        return state;
      },
      cutOff: async () => {
        const away = `${fresh.path}.away`;
        await rename(fresh.path, away);
        return { [Symbol.asyncDispose]: () => rename(away, fresh.path) };
      },
      [Symbol.asyncDispose]: async () => {
        await state[Symbol.asyncDispose]();
        await fresh[Symbol.asyncDispose]();
      },
    };
  },
  [Symbol.asyncDispose]: async () => {},
}));

const debt: CopyDebt = { copy: 'a', task: 'delete', ref: { digest: `0x${'ab'.repeat(32)}`, size: 3, locator: '' } };

let folder: TestFolder;
let path: string;
let state: MirrorState;
beforeEach(async () => {
  folder = await testFolder();
  path = join(folder.path, 'mirror');
  state = sqliteMirrorState({ path });
});
afterEach(async () => {
  await state[Symbol.asyncDispose]();
  await folder[Symbol.asyncDispose]();
});

it('is for its owner alone', async () => {
  await state.owe([debt]);
  expect((await stat(path)).mode & 0o777).toBe(0o600);
});

it('belongs to one mirror at a time', async () => {
  await state.owe([debt]);
  await using other = sqliteMirrorState({ path });
  expect(await failure(other.load())).toMatchObject({ code: 'STORE_UNAVAILABLE', retryable: true });
  await state[Symbol.asyncDispose]();
  expect(await other.load()).toEqual([debt]);
});

it('makes nothing where it may not, so that a disk that is not mounted is no empty state', async () => {
  const careful = sqliteMirrorState({ path, create: false });
  expect(await failure(careful.load())).toMatchObject({ code: 'STORE_UNAVAILABLE' });
  await writeFile(path, '');
  expect(await failure(careful.load())).toMatchObject({ code: 'STORE_UNAVAILABLE' });
  expect(await readFile(path, 'utf8')).toBe('');
  const nowhere = sqliteMirrorState({ path: join(folder.path, 'nowhere', 'mirror') });
  expect(await failure(nowhere.load())).toMatchObject({ code: 'STORE_UNAVAILABLE' });
});

it.each([
  ['text', 'torn '.repeat(2000)],
  ['the beginning of a database', `SQLite format 3\0${'torn '.repeat(2000)}`],
])('refuses %s, and leaves it alone', async (_, content) => {
  await writeFile(path, content);
  for (const call of [state.load(), state.owe([debt]), state.settle(debt.ref.digest)])
    expect(await failure(call)).toMatchObject({ code: 'STORE_UNAVAILABLE' });
  expect(await readFile(path, 'utf8')).toBe(content);
});

it('refuses a database of something else, and leaves it alone', async () => {
  const other = new DatabaseSync(path);
  other.exec('CREATE TABLE patient (name TEXT); INSERT INTO patient VALUES (1)');
  other.close();
  const before = await readFile(path);
  expect(await failure(state.owe([debt]))).toMatchObject({ code: 'STORE_UNAVAILABLE' });
  expect(await readFile(path)).toEqual(before);
});

it('takes all debts of a call or none', async () => {
  await state.owe([debt]);
  const wrong = { ...debt, copy: 'c', task: 'burn' } as unknown as CopyDebt;
  expect(await failure(state.owe([{ ...debt, copy: 'b' }, wrong]))).toMatchObject({ code: 'STORE_UNAVAILABLE' });
  expect(await state.load()).toEqual([debt]);
});

it('does not grow with what was settled', async () => {
  for (let turn = 0; turn < 40; turn++) {
    const debts = Array.from({ length: 50 }, (_, copy) => ({ ...debt, copy: `${turn} ${copy}` }));
    await state.owe(debts);
    await state.settle(debt.ref.digest);
  }
  expect(await state.load()).toEqual([]);
  await state[Symbol.asyncDispose]();
  expect((await stat(path)).size).toBeLessThan(50_000);
});

it('opens nothing once it is closed', async () => {
  await state[Symbol.asyncDispose]();
  for (const call of [state.load(), state.owe([debt]), state.settle(debt.ref.digest)])
    expect(await failure(call)).toMatchObject({ code: 'STORE_UNAVAILABLE' });
});
