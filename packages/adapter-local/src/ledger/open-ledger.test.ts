import { closeSync, openSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { LedgerUnavailableError } from '@medseal/core/adapter';
import { expect, test, vi } from 'vitest';
import { authority } from '../../test/ledger-world.ts';
import { failure, testFolder } from '../../test/test-folder.ts';
import { openParts } from './open-ledger.ts';

vi.mock('node:fs', { spy: true });

test('leaves no file open when it fails half way', async () => {
  await using folder = await testFolder();
  const path = join(folder.path, 'ledger');
  const options = { path, create: true, authority, threads: 0 };
  await (await openParts(options))[Symbol.asyncDispose]();
  // A note that is not there, and can not be made.
  rmSync(`${path}-head`);
  symlinkSync(join(folder.path, 'none', 'head'), `${path}-head`);
  const [opened, closed] = [vi.mocked(openSync).mockClear(), vi.mocked(closeSync).mockClear()];
  expect(await failure(openParts(options))).toBeInstanceOf(LedgerUnavailableError);
  const files = opened.mock.results.filter(({ type }) => type === 'return').map(({ value }) => Number(value));
  expect(files.length).toBeGreaterThan(0);
  expect(closed.mock.calls.map(([file]) => file)).toEqual(files);
});
