import { join } from 'node:path';
import { expect, it } from 'vitest';
import { failure, testFolder, type TestFolder } from '../../test/test-folder.ts';
import { type FileKeyStore, fileKeyStore, type Passphrase } from './file-key-store.ts';

const passphrase = 'correct horse battery staple';
const open = (folder: TestFolder, pass: Passphrase = passphrase): FileKeyStore =>
  fileKeyStore({ directory: join(folder.path, 'keys'), passphrase: pass, logN: 14 });

it('ends a call with the reason of its signal, and others go on', async () => {
  await using folder = await testFolder();
  await using store = open(folder);
  const reason = new Error('enough');
  const signal = AbortSignal.abort(reason);
  for (const call of [
    store.generate('anna', { signal }),
    store.unlock('anna', { signal }),
    store.export('anna', 'p', { signal }),
    store.import('anna', new Uint8Array(), 'p', { signal }),
    store.changePassphrase('p', { signal }),
    store.backup(join(folder.path, 'b'), { signal }),
    store.restore(join(folder.path, 'b'), { signal }),
  ])
    expect(await failure(call)).toBe(reason);
  expect(await folder.files()).toEqual([]);
  await open(folder).generate('anna');
  const abort = new AbortController();
  const aborted = failure(store.unlock('anna', { signal: abort.signal }));
  const other = store.unlock('anna');
  abort.abort(reason);
  expect(await aborted).toBe(reason);
  expect((await other).address).toMatch(/^0x/);
});

/** What has to wait for those before it, and for a passphrase. */
const tasks: Readonly<Record<string, (at: Desk, signal?: AbortSignal) => Promise<unknown>>> = {
  changePassphrase: ({ store, vault }, signal) => store.changePassphrase(vault, { signal }),
  backup: ({ store, path }, signal) => store.backup(join(path, 'another'), { signal }),
  restore: ({ store, path }, signal) => store.restore(join(path, 'backup'), { signal }),
  generate: ({ store }, signal) => store.generate('bert', { signal }),
};

interface Desk {
  readonly store: FileKeyStore;
  readonly vault: () => Promise<string>;
  readonly path: string;
}

it.each(Object.entries(tasks))('lets go who waits for the passphrase or for his turn: %s', async (_, task) => {
  await using folder = await testFolder();
  let asked = Promise.withResolvers<void>();
  let silent = false;
  const vault = async (): Promise<string> => {
    asked.resolve();
    return silent ? new Promise<never>(() => {}) : passphrase;
  };
  await using store = open(folder, vault);
  const anna = await store.generate('anna');
  await store.backup(join(folder.path, 'backup'));
  const at = { store, vault, path: folder.path };

  [silent, asked] = [true, Promise.withResolvers()];
  const [first, second] = [new AbortController(), new AbortController()];
  const calls = [failure(task(at, first.signal)), failure(task(at, second.signal))];
  await asked.promise;
  second.abort(new Error('not my turn'));
  expect(await calls[1]).toBe(second.signal.reason);
  first.abort(new Error('no passphrase'));
  expect(await calls[0]).toBe(first.signal.reason);
  silent = false;
  await task(at);
  expect((await store.unlock('anna')).address).toBe(anna.address);
});

it('asks for no passphrase of whoever has gone', async () => {
  await using folder = await testFolder();
  const abort = new AbortController();
  await using store = open(folder, () => {
    abort.abort(new Error('enough'));
    return passphrase;
  });
  const asked: string[] = [];
  const to = (): string => {
    asked.push('to');
    return 'another passphrase';
  };
  expect(await failure(store.changePassphrase(to, { signal: abort.signal }))).toBe(abort.signal.reason);
  // Behind it in turn: it has come to its end.
  expect(await store.backup(join(folder.path, 'backup'))).toBe(0);
  expect(asked).toEqual([]);
});
