import type fs from 'node:fs';
import { fdatasyncSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { testFolder } from '../../../test/test-folder.ts';
import { LogSync } from './log-sync.ts';

vi.mock('node:fs', async (original) => ({
  ...(await original<typeof fs>()),
  fdatasyncSync: vi.fn<typeof fs.fdatasyncSync>(),
}));

/** So many syncs, each of so many milliseconds. */
function take(sync: LogSync, ...times: readonly number[]): void {
  for (const time of times) {
    vi.mocked(fdatasyncSync).mockImplementationOnce(() => {
      if (time > 0) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, time);
    });
    sync.now();
  }
}

test('a disk is slow although one sync found nothing to do', async () => {
  await using folder = await testFolder();
  const path = join(folder.path, 'database');
  writeFileSync(`${path}-wal`, '');
  await using sync = new LogSync(path);
  expect(sync.isQuick).toBe(true);
  take(sync, 2, 2);
  expect(sync.isQuick).toBe(false);
  // As when SQLite has carried the log over in the commit before, and has synced it for that.
  take(sync, 0);
  expect(sync.isQuick).toBe(false);
  expect(sync.expected).toBeGreaterThan(1);
  take(sync, 2, 2, 0);
  expect(sync.isQuick).toBe(true);
});
