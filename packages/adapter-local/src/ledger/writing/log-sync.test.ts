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

/** Syncs of so many milliseconds each. */
function take(sync: LogSync, ...times: readonly number[]): void {
  let now = 0;
  using clock = vi.spyOn(performance, 'now').mockImplementation(() => now);
  for (const time of times) {
    vi.mocked(fdatasyncSync).mockImplementationOnce(() => void (now += time));
    sync.now();
  }
  expect(clock).toHaveBeenCalledTimes(2 * times.length);
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
