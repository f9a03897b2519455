import { expect, test, vi } from 'vitest';
import { ledgerWorld } from '../../../test/ledger-world.ts';
import { openDatabase } from './open-database.ts';
import { syncFile } from './sync-file.ts';

vi.mock('./sync-file.ts', { spy: true });

test('a writer has what it finds in the write-ahead log put on the disk, for nobody may have waited for it', async () => {
  await using world = await ledgerWorld();
  await world.populate();
  vi.mocked(syncFile).mockClear();
  openDatabase(world.path, { readOnly: true }).close();
  expect(syncFile).not.toHaveBeenCalled();
  openDatabase(world.path, { readOnly: false }).close();
  expect(vi.mocked(syncFile).mock.calls).toEqual([[`${world.path}-wal`]]);
});
