import { chmod, mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { failure, testFolder } from '../../test/test-folder.ts';
import { nodeSecrets } from './node-secrets.ts';

const env = { GOOD: 'hunter2', EMPTY: '' };

it('takes environment variables', async () => {
  const resolve = nodeSecrets({ env });
  expect(await resolve({ env: 'GOOD' }, {})).toBe('hunter2');
  expect(await failure(resolve({ env: 'NONE' }, {}))).toMatchObject({ code: 'SECRET_UNAVAILABLE' });
  expect(await failure(resolve({ env: 'EMPTY' }, {}))).toMatchObject({ code: 'SECRET_UNAVAILABLE' });
  // What every object inherits is no variable.
  for (const at of [resolve, nodeSecrets()])
    expect(await failure(at({ env: 'constructor' }, {}))).toMatchObject({ code: 'SECRET_UNAVAILABLE' });
  process.env['MEDSEAL_TEST_SECRET'] = 'of the process';
  expect(await nodeSecrets()({ env: 'MEDSEAL_TEST_SECRET' }, {})).toBe('of the process');
  delete process.env['MEDSEAL_TEST_SECRET'];
  const reason = new Error('enough');
  expect(await failure(resolve({ env: 'GOOD' }, { signal: AbortSignal.abort(reason) }))).toBe(reason);
});

it.each([
  ['hunter2', 'hunter2'],
  ['hunter2\n', 'hunter2'],
  ['hunter2\r\n', 'hunter2'],
  ['two\nlines\n\n', 'two\nlines\n'],
  [' spaces ', ' spaces '],
])('takes files, and leaves one line end off: %j', async (content, secret) => {
  await using folder = await testFolder();
  await writeFile(join(folder.path, 'key'), content, { mode: 0o600 });
  const resolve = nodeSecrets();
  expect(await resolve({ file: join(folder.path, 'key') }, {})).toBe(secret);
  expect(await resolve({ file: 'key' }, { base: folder.path })).toBe(secret);
});

it('refuses what is no file, no text, empty, too long or absent, and never repeats what is in it', async () => {
  await using folder = await testFolder();
  const write = (name: string, content: string | Uint8Array) =>
    writeFile(join(folder.path, name), content, { mode: 0o600 });
  await write('empty', '\n');
  await write('binary', Uint8Array.of(0xff, 0xfe, 0x00, 0x80));
  await write('long', 'hunter2'.repeat(10_000));
  await mkdir(join(folder.path, 'folder'));
  for (const file of ['empty', 'binary', 'long', 'folder', 'absent']) {
    const error = await failure(nodeSecrets()({ file }, { base: folder.path }));
    expect(error).toMatchObject({ code: 'SECRET_UNAVAILABLE' });
    expect(String(error)).not.toContain('hunter2');
  }
});

it.each([0o640, 0o604, 0o620, 0o602, 0o666])('refuses a file with mode %o unless it is allowed', async (mode) => {
  await using folder = await testFolder();
  const file = join(folder.path, 'key');
  await writeFile(file, 'hunter2');
  await chmod(file, mode);
  await symlink(file, join(folder.path, 'link'));
  const link = { file: join(folder.path, 'link') };
  expect(await failure(nodeSecrets()(link, {}))).toMatchObject({
    code: 'SECRET_UNAVAILABLE',
    message: expect.stringContaining('chmod 600'),
  });
  expect(await nodeSecrets({ openFiles: 'allow' })(link, {})).toBe('hunter2');
  const told: string[] = [];
  expect(await nodeSecrets({ openFiles: (path) => told.push(path) })(link, {})).toBe('hunter2');
  expect(told).toEqual([link.file]);
});
