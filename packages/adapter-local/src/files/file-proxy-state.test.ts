import { mkdir, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { proxyStateSuite } from '@medseal/conformance';
import { testSuite } from '@medseal/conformance/vitest';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { stallFiles } from '../../test/stalled-files.ts';
import { failure, testFolder, type TestFolder } from '../../test/test-folder.ts';
import { fileProxyState } from './file-proxy-state.ts';

testSuite('fileProxyState', proxyStateSuite, async () => ({
  name: 'fileProxyState',
  create: async () => {
    const folder = await testFolder();
    const path = join(folder.path, 'state');
    return {
      state: fileProxyState(path),
      reopen: async () => fileProxyState(path),
      stall: stallFiles,
      cutOff: () => folder.cutOff(),
      [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose](),
    };
  },
  [Symbol.asyncDispose]: async () => {},
}));

let folder: TestFolder;
beforeEach(async () => {
  folder = await testFolder();
});
afterEach(() => folder[Symbol.asyncDispose]());

const at = (name: string): string => join(folder.path, name);

it('has nothing the first time, then what was saved last, also for the next process', async () => {
  const state = fileProxyState(at('proxy-1'));
  expect(await state.load()).toBeUndefined();
  for (const length of [3, 0, 100_000]) {
    await state.save(new Uint8Array(length).fill(7));
    expect(await state.load()).toEqual(new Uint8Array(length).fill(7));
    expect(await fileProxyState(at('proxy-1')).load()).toEqual(new Uint8Array(length).fill(7));
  }
  expect((await stat(at('proxy-1'))).mode & 0o777).toBe(0o600);
});

it('keeps the last of several saves that were not waited for, and no memory of the caller', async () => {
  const state = fileProxyState(at('proxy-1'));
  const bytes = new Uint8Array(10);
  const saves = Array.from({ length: 20 }, (_, value) => state.save(bytes.fill(value)));
  bytes.fill(99);
  expect(await state.load()).toEqual(new Uint8Array(10).fill(19));
  await Promise.all(saves);
  expect(await readdir(folder.path)).toEqual(['proxy-1']);
});

it('removes what a crash left, and not what belongs to another proxy', async () => {
  await writeFile(at('.proxy-1-left'), 'half');
  await writeFile(at('.proxy-2-left'), 'half');
  await fileProxyState(at('proxy-1')).load();
  expect(await readdir(folder.path)).toEqual(['.proxy-2-left']);
});

it('takes a disk that is not mounted for an outage, not for the first time', async () => {
  const state = fileProxyState(join(at('mounted'), 'proxy-1'));
  for (const call of [() => state.load(), () => state.save(Uint8Array.of(1))])
    expect(await failure(call())).toMatchObject({ code: 'STORE_UNAVAILABLE' });
});

it('goes on after a save that failed', async () => {
  const state = fileProxyState(at('proxy-1'));
  await rm(folder.path, { recursive: true });
  await writeFile(folder.path, '');
  expect(await failure(state.save(Uint8Array.of(1)))).toMatchObject({ code: 'STORE_UNAVAILABLE' });
  await rm(folder.path);
  await mkdir(folder.path);
  await state.save(Uint8Array.of(2));
  expect(await state.load()).toEqual(Uint8Array.of(2));
});
