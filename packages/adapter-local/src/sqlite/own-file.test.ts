import { join } from 'node:path';
import { inspect } from 'node:util';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { failure, testFolder, type TestFolder } from '../../test/test-folder.ts';
import { sqliteMirrorState } from '../mirror/sqlite-mirror-state.ts';
import { sqliteViewStore } from '../view/sqlite-view-store.ts';

let folder: TestFolder;
beforeEach(async () => {
  folder = await testFolder();
});
afterEach(() => folder[Symbol.asyncDispose]());

it('tells of a file that cannot be made without its path: folders are named after people', async () => {
  const path = join(folder.path, 'nowhere', 'file');
  const calls = [() => sqliteMirrorState({ path }).load(), () => sqliteViewStore(path).checkpoint()];
  for (const call of calls) {
    const error = await failure(call());
    expect(error).toMatchObject({ code: 'STORE_UNAVAILABLE', cause: { code: 'ENOENT' } });
    expect(inspect(error, { depth: 9 })).not.toContain(folder.path);
  }
});
