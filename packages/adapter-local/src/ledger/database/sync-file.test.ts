import { closeSync, fdatasyncSync, openSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { LedgerUnavailableError } from '@medseal/core/adapter';
import { expect, test, vi } from 'vitest';
import { testFolder } from '../../../test/test-folder.ts';
import { syncFile } from './sync-file.ts';

vi.mock('node:fs', { spy: true });

function failWith(code: string): void {
  vi.mocked(fdatasyncSync).mockImplementationOnce(() => {
    throw Object.assign(new Error('fdatasync'), { code });
  });
}

test('a sync fails where the disk does, not where nobody can write', async () => {
  await using folder = await testFolder();
  const path = join(folder.path, 'file');
  writeFileSync(path, 'bytes');
  for (const code of ['EIO', 'EROFS', 'ENOSPC']) {
    failWith(code);
    expect(() => syncFile(path)).toThrow(LedgerUnavailableError);
  }
  failWith('EINVAL');
  syncFile(path);
  expect(() => syncFile(`${path}-none`)).toThrow(LedgerUnavailableError);
  expect(fdatasyncSync).toHaveBeenCalledTimes(4);
  const results = vi.mocked(openSync).mock.results.filter(({ type }) => type === 'return');
  expect(vi.mocked(closeSync).mock.calls.map(([file]) => file)).toEqual(results.map(({ value }) => Number(value)));
});
